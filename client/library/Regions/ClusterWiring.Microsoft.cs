using System.Net;
using Orleans.Configuration;

namespace OrleansCache.Client;

/// <summary>How a region's client reaches its cluster on Microsoft Orleans.</summary>
internal static class ClusterWiring
{
    public static void Connect(IClientBuilder client, BookCacheOptions options, IPEndPoint[] gateways)
    {
        client.UseStaticClustering(gateways);
        client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
    }
}
