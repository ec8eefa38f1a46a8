using System.Collections.Concurrent;
using System.Globalization;
using Orleans.TestingHost;
using OrleansCache.Catalogs;
using OrleansCache.Owners;
using OrleansCache.Placement;
using OrleansCache.Redis;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Clusters;

/// <summary>
/// A whole cluster for tests: silos in regions, a real <c>redis-server</c> per region, and a catalog in a SQLite file that
/// the test may change behind the cluster's back.
/// </summary>
public class CacheCluster(ClusterShape shape, string? catalogPath = null) : IAsyncDisposable
{
    private readonly TemporaryCatalog? _temporary = catalogPath is null ? new() : null;
    private readonly ConcurrentDictionary<string, RedisServer> _redis = new();
    private TestCluster? _cluster;
    private SqliteCatalog? _catalog;

    public ClusterShape Shape => shape;

    public IReadOnlyList<string> Regions => shape.Regions;

    public string Home => shape.Home;

    public IGrainFactory Grains => Cluster.GrainFactory;

    public TestCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster has not been started.");

    /// <summary>The catalog, past the cluster.</summary>
    public SqliteCatalog Catalog => _catalog ?? throw new InvalidOperationException("The cluster has not been started.");

    public IEnumerable<SiloAccess> Silos => Cluster.Silos.Select(handle => new SiloAccess((InProcessSiloHandle)handle));

    /// <summary>Starts a cluster for one test.</summary>
    public static async Task<CacheCluster> StartAsync(ClusterShape shape, string? catalogPath = null)
    {
        var cluster = new CacheCluster(shape, catalogPath);
        try
        {
            await cluster.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_cluster is not null)
        {
            await _cluster.StopAllSilosAsync();
            await _cluster.DisposeAsync();
            _cluster = null;
        }

        foreach (var server in _redis.Values)
            await server.DisposeAsync();
        if (_catalog is not null)
            await _catalog.DisposeAsync();
        _temporary?.Dispose();
    }

    protected async Task StartAsync()
    {
        var path = catalogPath ?? _temporary!.Path;
        _catalog = new(path);
        await _catalog.InitializeAsync(CancellationToken.None);
        await Task.WhenAll(Regions.Select(async region => _redis[region] = await RedisServer.StartAsync()));
        var builder = new TestClusterBuilder((short)shape.SilosAtFirst);
        foreach (var (name, value) in Settings(path))
            builder.Properties[name] = value;
        builder.AddSiloBuilderConfigurator<CacheSiloConfigurator>();
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        foreach (var region in Regions.Where(region => Silos.Any(silo => silo.Region == region)))
            await Router(region).GetRingAsync();
    }

    /// <summary>The server behind a region's first node.</summary>
    public RedisServer Redis(string region) => _redis[region];

    /// <summary>The silo of that name.</summary>
    public SiloAccess Silo(string name) => Silos.Single(silo => silo.Name == name);

    /// <summary>The first silo of a region.</summary>
    public SiloAccess SiloOf(string region) => Silo(SiloName.Of(region, "1"));

    public IRegionRouterGrain Router(string region) => Grains.GetGrain<IRegionRouterGrain>(region);

    public IOwnerGrain OwnerOf(string key) => Grains.GetGrain<IOwnerGrain>(OwnerGrain.KeyOf(SlotOf(key)));

    public static int SlotOf(string key) => CacheKey.Parse(key).SlotOf(64);

    /// <summary>Keys of the same slot, with this beginning.</summary>
    public static string[] KeysOfOneSlot(string prefix, int count) =>
        [.. Enumerable.Range(0, int.MaxValue).Select(i => $"{prefix}{i}").Where(key => SlotOf(key) == SlotOf($"{prefix}0")).Take(count)];

    public Task<LookupAnswer> LookupAsync(string region, string key, bool fresh = false, bool requireCoherent = false, int rank = 1, CancellationToken cancellation = default) =>
        Grains.GetGrain<IBookGrain>(new BookGrainKey(region, rank, key).ToString()).LookupAsync(new(fresh, requireCoherent), cancellation).AsTask();

    /// <summary>Stores a book as an application does.</summary>
    public async Task<EditOutcome> StoreAsync(string key, string title) =>
        (await OwnerOf(key).StoreAsync([Write(key, title)], CancellationToken.None))[0];

    /// <summary>Writes a book into the catalog, so that no silo knows of it.</summary>
    public Task WriteAsync(string key, string title = "A book") => Catalog.StoreAsync([Write(key, title)], CancellationToken.None);

    /// <summary>Writes books into the catalog, so that no silo knows of them.</summary>
    public Task WriteAsync(IEnumerable<string> keys) => Catalog.StoreAsync([.. keys.Select(key => Write(key, "A book"))], CancellationToken.None);

    public static KeyedPayload Write(string key, string title) => new(key, BookPayload.Encode(new Book(title)));

    public static string TitleOf(LookupAnswer answer) => BookPayload.Decode(answer.Row.Payload).Title;

    /// <summary>How often all silos together have asked the catalog for a book.</summary>
    public int CatalogReadsOf(string key) => Silos.Sum(silo => silo.Catalog.ReadsOf(key));

    /// <summary>What the silos of a region have counted.</summary>
    public async Task<SiloStatistics> StatisticsAsync(string silo)
    {
        var all = await Router(SiloName.RegionOf(silo)!).GetStatisticsAsync();
        return all.Single(statistics => statistics.Silo == silo);
    }

    /// <summary>Waits until the region's Redis holds what was loaded: it is written behind the readers' backs.</summary>
    public Task RedisHoldsAsync(string region, string key) =>
        Eventually.IsTrueAsync(async () => await ReadRedisAsync(region, key) is not null, $"the Redis of {region} has {key}");

    /// <summary>What the region's Redis holds of a book, past the cluster.</summary>
    public async Task<RedisEntry?> ReadRedisAsync(string region, string key)
    {
        await using var redis = await RedisClient.ConnectAsync(Redis(region).ConnectionString);
        return await redis.ReadAsync(key);
    }

    /// <summary>The version of a book that the region's Redis holds, or null.</summary>
    public async Task<long?> VersionInRedisAsync(string region, string key) =>
        await ReadRedisAsync(region, key) is { } entry ? Envelope.Unpack(key, entry.Value)!.Identity.Version : null;

    /// <summary>Lets a region's Redis forget a book, or hold something else.</summary>
    public async Task PutIntoRedisAsync(string region, string key, byte[]? value, TimeSpan timeToLive)
    {
        await using var redis = await RedisClient.ConnectAsync(Redis(region).ConnectionString);
        await redis.WriteAsync(key, value, timeToLive);
    }

    /// <summary>Lets time pass on every silo; only with stopped clocks.</summary>
    public void Advance(TimeSpan time)
    {
        foreach (var silo in Silos)
            silo.Clock.Advance(time);
    }

    private IEnumerable<(string Name, string Value)> Settings(string path)
    {
        yield return ("OrleansCache:Home", Home);
        // A cluster of one test has none before it; a test that means something else says so.
        yield return ("OrleansCache:Leases:Predecessors", "None");
        yield return ("OrleansCache:Catalog:ConnectionString", path);
        for (var i = 0; i < Regions.Count; i++)
        {
            yield return ($"OrleansCache:Regions:{i}:Name", Regions[i]);
            yield return ($"OrleansCache:Regions:{i}:Nodes:0:Name", $"{Regions[i]}-1");
            yield return ($"OrleansCache:Regions:{i}:Nodes:0:Connection", Redis(Regions[i]).ConnectionString);
        }

        for (var i = 0; i < shape.Silos.Count; i++)
            yield return ($"{CacheSiloConfigurator.Names}:{i.ToString("00", CultureInfo.InvariantCulture)}", shape.Silos[i]);
        yield return (CacheSiloConfigurator.StoppedClocks, shape.StoppedClocks.ToString());
        foreach (var (name, value) in shape.Settings)
            yield return ($"OrleansCache:{name}", value);
    }
}
