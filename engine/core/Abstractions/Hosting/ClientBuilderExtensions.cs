using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Shorter ways to configure a client.</summary>
public static class ClientBuilderExtensions
{
    /// <summary>Sets options.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configureOptions">Sets them.</param>
    public static IClientBuilder Configure<TOptions>(this IClientBuilder builder, Action<TOptions> configureOptions)
        where TOptions : class => ConfigureServices(builder, services => services.Configure(configureOptions));

    /// <summary>Sets options from a section of the configuration.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configuration">The section.</param>
    public static IClientBuilder Configure<TOptions>(this IClientBuilder builder, IConfiguration configuration)
        where TOptions : class => ConfigureServices(builder, services => services.Configure<TOptions>(configuration));

    /// <summary>Adds services.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configureDelegate">Adds them.</param>
    public static IClientBuilder ConfigureServices(this IClientBuilder builder, Action<IServiceCollection> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        configureDelegate(builder.Services);
        return builder;
    }

    /// <summary>Enters a cluster on this machine.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="gatewayPort">The gateway's port.</param>
    /// <param name="serviceId">The service that the cluster serves.</param>
    /// <param name="clusterId">The cluster.</param>
    public static IClientBuilder UseLocalhostClustering(this IClientBuilder builder, int gatewayPort = EndpointOptions.DEFAULT_GATEWAY_PORT, string serviceId = "dev", string clusterId = "dev") =>
        UseLocalhostClustering(builder, [gatewayPort], serviceId, clusterId);

    /// <summary>Enters a cluster on this machine.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="gatewayPorts">The gateways' ports; no other gateway is used.</param>
    /// <param name="serviceId">The service that the cluster serves.</param>
    /// <param name="clusterId">The cluster.</param>
    public static IClientBuilder UseLocalhostClustering(this IClientBuilder builder, int[] gatewayPorts, string serviceId = "dev", string clusterId = "dev")
    {
        ArgumentNullException.ThrowIfNull(gatewayPorts);
        UseStaticClustering(builder, Array.ConvertAll(gatewayPorts, port => new IPEndPoint(IPAddress.Loopback, port)));
        builder.Services.Configure<ClusterOptions>(options =>
        {
            if (!string.IsNullOrWhiteSpace(serviceId)) options.ServiceId = serviceId;
            if (!string.IsNullOrWhiteSpace(clusterId)) options.ClusterId = clusterId;
        });
        return builder;
    }

    /// <summary>Enters the cluster through the given gateways alone.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="endpoints">The gateways.</param>
    public static IClientBuilder UseStaticClustering(this IClientBuilder builder, params IPEndPoint[] endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return UseStaticClustering(builder, options => options.Gateways = [.. endpoints.Select(endpoint => new Uri($"gwy.tcp://{endpoint}/0"))]);
    }

    /// <summary>Enters the cluster through the given gateways alone.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configureOptions">Names the gateways.</param>
    public static IClientBuilder UseStaticClustering(this IClientBuilder builder, Action<StaticGatewayListProviderOptions> configureOptions) =>
        ConfigureServices(builder, services => services.Configure(configureOptions));
}
