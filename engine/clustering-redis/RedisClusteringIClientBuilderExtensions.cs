using Microsoft.Extensions.DependencyInjection;
using Orleans.Clustering.Redis;
using Orleans.Hosting;
using OrleansCache.Engine.Membership;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>A way for clients to find gateways.</summary>
public static class RedisClusteringIClientBuilderExtensions
{
    /// <summary>Finds the gateways of the client's cluster in Redis.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configuration">Says which Redis.</param>
    public static IClientBuilder UseRedisClustering(this IClientBuilder builder, Action<RedisClusteringOptions> configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (configuration is not null) builder.Services.Configure(configuration);
        builder.Services.AddSingleton<IMembershipTable, RedisMembershipTable>();
        return builder;
    }

    /// <summary>Finds the gateways of the client's cluster in Redis.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="redisConnectionString">How to connect to it, as StackExchange.Redis reads it.</param>
    /// <exception cref="ArgumentException">StackExchange.Redis does not understand the connection string.</exception>
    public static IClientBuilder UseRedisClustering(this IClientBuilder builder, string redisConnectionString)
    {
        var connection = ConfigurationOptions.Parse(redisConnectionString);
        return UseRedisClustering(builder, options => options.ConfigurationOptions = connection);
    }
}
