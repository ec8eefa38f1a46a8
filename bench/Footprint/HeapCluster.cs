using System.Globalization;
using System.Net;
using OrleansCache.Bench.Children;
using OrleansCache.Bench.Clusters;
using OrleansCache.Catalogs;
using OrleansCache.Client;
using OrleansCache.LocalClusters;

namespace OrleansCache.Bench.Footprint;

/// <summary>Two regions with a silo each in processes of their own, whose rows lie in a Redis of their own and not in the silos' heaps.</summary>
internal sealed class HeapCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-bench-");
    private readonly List<LocalRedisServer> _redis = [];
    private readonly List<OwnChild> _silos = [];
    private readonly List<IPEndPoint> _gateways = [];

    private HeapCluster()
    {
    }

    public static async Task<HeapCluster> StartAsync(int books)
    {
        var cluster = new HeapCluster();
        var file = Path.Combine(cluster._folder.FullName, "catalog.db");
        await using (var catalog = new SqliteCatalog(file))
        {
            await catalog.InitializeAsync(CancellationToken.None);
            await Shelf.FillAsync(catalog, books);
        }

        foreach (var _ in HeapSilo.Regions)
            cluster._redis.Add(await LocalRedisServer.StartAsync());
        string? primary = null;
        foreach (var region in HeapSilo.Regions)
        {
            var (port, gateway) = (Text(FreePort.Find()), FreePort.Find());
            primary ??= port;
            cluster._silos.Add(await OwnChild.StartAsync([HeapSilo.Command, region, port, Text(gateway), primary, file, .. cluster._redis.Select(server => server.ConnectionString)]));
            cluster._gateways.Add(new(IPAddress.Loopback, gateway));
        }

        return cluster;
    }

    /// <summary>A client that is patient, for a busy machine.</summary>
    public Task<BenchClient> ConnectAsync(long nearBytes) => BenchClient.ConnectAsync(options =>
    {
        options.Home = HeapSilo.Regions[0];
        options.NearCacheBytes = nearBytes;
        (options.AttemptBudget, options.Deadline) = (TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2));
        for (var i = 0; i < HeapSilo.Regions.Count; i++)
            options.Regions.Add(new RegionOptions { Name = HeapSilo.Regions[i], Gateways = { _gateways[i].ToString() } });
    });

    /// <summary>The bytes that are in use on the heap of a region's silo.</summary>
    public async Task<long> HeapAsync(int region) => long.Parse(await _silos[region].AskAsync(HeapSilo.Heap), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        for (var i = _silos.Count - 1; i >= 0; i--)
            await _silos[i].DisposeAsync();
        foreach (var server in _redis)
            await server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
