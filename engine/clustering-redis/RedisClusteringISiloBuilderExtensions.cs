using Microsoft.Extensions.DependencyInjection;
using Orleans.Clustering.Redis;
using Orleans.Hosting;
using OrleansCache.Engine.Membership;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>A way for silos to find each other.</summary>
public static class RedisClusteringISiloBuilderExtensions
{
    /// <summary>Keeps the membership of the silo's cluster in Redis.</summary>
    /// <param name="builder">The silo's builder.</param>
    /// <param name="configuration">Says which Redis.</param>
    public static ISiloBuilder UseRedisClustering(this ISiloBuilder builder, Action<RedisClusteringOptions> configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (configuration is not null) builder.Services.Configure(configuration);
        builder.Services.AddSingleton<IMembershipTable, RedisMembershipTable>();
        return builder;
    }

    /// <summary>Keeps the membership of the silo's cluster in Redis.</summary>
    /// <param name="builder">The silo's builder.</param>
    /// <param name="redisConnectionString">How to connect to it, as StackExchange.Redis reads it.</param>
    /// <exception cref="ArgumentException">StackExchange.Redis does not understand the connection string.</exception>
    public static ISiloBuilder UseRedisClustering(this ISiloBuilder builder, string redisConnectionString)
    {
        var connection = ConfigurationOptions.Parse(redisConnectionString);
        return UseRedisClustering(builder, options => options.ConfigurationOptions = connection);
    }
}
