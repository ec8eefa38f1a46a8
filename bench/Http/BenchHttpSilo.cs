using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansCache.Client;
using OrleansCache.Http;
using OrleansCache.LocalClusters;

namespace OrleansCache.Bench.Http;

/// <summary>The first silo of a local cluster, as an HTTP server sees it.</summary>
internal sealed class BenchHttpSilo(LocalCluster cluster) : ILocalSilo
{
    public string Name => $"{Region}.1";

    public string Region => cluster.Regions.Home;

    public bool IsJoined => true;

    public bool HasRing => true;

    public bool HasSource => true;

    public bool IsStopping => false;

    public ILoggerFactory Logging => NullLoggerFactory.Instance;

    public void ConfigureClient(CacheClientOptions options)
    {
        (options.ClusterId, options.ServiceId, options.Home) = ("orleanscache", "orleanscache", cluster.Regions.Home);
        foreach (var (name, gateways) in cluster.Gateways)
        {
            var region = new ClientRegionOptions { Name = name };
            foreach (var gateway in gateways)
                region.Gateways.Add(gateway.ToString());
            options.Regions.Add(region);
        }
    }
}
