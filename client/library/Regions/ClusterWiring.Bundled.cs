using System.Net;

namespace OrleansCache.Client;

/// <summary>How a region's client reaches its cluster on the bundled engine, which is on this machine.</summary>
internal static class ClusterWiring
{
    public static void Connect(IClientBuilder client, BookCacheOptions options, IPEndPoint[] gateways) =>
        client.UseLocalhostClustering([.. gateways.Select(gateway => gateway.Port)], options.ServiceId, options.ClusterId);
}
