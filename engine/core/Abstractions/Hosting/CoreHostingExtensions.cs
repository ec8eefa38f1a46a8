using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using OrleansCache.Engine.Hosting;

namespace Orleans.Hosting;

/// <summary>Ways for silos to find each other.</summary>
public static class CoreHostingExtensions
{
    /// <summary>Forms a cluster with the silos on this machine.</summary>
    /// <param name="builder">The silo's builder.</param>
    /// <param name="siloPort">The port for other silos.</param>
    /// <param name="gatewayPort">The port for clients.</param>
    /// <param name="primarySiloEndpoint">The silo that holds the membership table; null, or this silo's own endpoint: this one does.</param>
    /// <param name="serviceId">The service that the cluster serves.</param>
    /// <param name="clusterId">The cluster.</param>
    public static ISiloBuilder UseLocalhostClustering(this ISiloBuilder builder, int siloPort = EndpointOptions.DEFAULT_SILO_PORT, int gatewayPort = EndpointOptions.DEFAULT_GATEWAY_PORT, IPEndPoint? primarySiloEndpoint = null, string serviceId = "dev", string clusterId = "dev")
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = IPAddress.Loopback;
            options.SiloPort = siloPort;
            options.GatewayPort = gatewayPort;
        });
        builder.Services.Configure<PrimarySiloOptions>(options => options.Endpoint = primarySiloEndpoint);
        builder.Services.Configure<ClusterOptions>(options =>
        {
            if (!string.IsNullOrWhiteSpace(serviceId)) options.ServiceId = serviceId;
            if (!string.IsNullOrWhiteSpace(clusterId)) options.ClusterId = clusterId;
        });
        return builder;
    }
}
