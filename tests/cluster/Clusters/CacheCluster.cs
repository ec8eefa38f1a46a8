using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.TestingHost;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Entries;
using OrleansCache.LocalClusters;
using OrleansCache.Owners;
using OrleansCache.Placement;
using OrleansCache.Redis;
using OrleansCache.TestSupport;
using OrleansCache.Timing;
using OrleansCache.Topology;

namespace OrleansCache.Tests.Clusters;

/// <summary>
/// A cluster in the test's process: silos of several regions with the wiring of the silo program, connected through memory, a
/// <c>redis-server</c> per region, and a catalog in a SQLite file that the test may change directly.
/// </summary>
public class CacheCluster(ClusterShape shape, string? catalogPath = null) : IAsyncDisposable
{
    // However busy the machine is, no silo may be declared dead unless the test stops it.
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(20);

    private readonly TemporaryCatalog? _temporary = catalogPath is null ? new() : null;
    private readonly ConcurrentDictionary<string, RedisServer> _redis = new();
    private InProcessTestCluster? _cluster;
    private SqliteCatalog? _catalog;

    public IReadOnlyList<string> Regions => shape.Regions;

    public string Home => shape.Regions[0];

    public IGrainFactory Grains => Cluster.Client;

    /// <summary>The catalog itself, not through a silo.</summary>
    public SqliteCatalog Catalog => _catalog ?? throw new InvalidOperationException("The cluster has not been started.");

    public IEnumerable<SiloAccess> Silos => Cluster.Silos.Select(handle => new SiloAccess(handle));

    private InProcessTestCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster has not been started.");

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

    /// <summary>Starts the next silo of the shape.</summary>
    public async Task StartSiloAsync()
    {
        await Cluster.StartAdditionalSiloAsync();
        await SilosKnowEachOtherAsync();
    }

    /// <summary>Stops a silo as SIGTERM does.</summary>
    public async Task StopSiloAsync(string name)
    {
        await Cluster.StopSiloAsync(Silo(name).Handle);
        await SilosKnowEachOtherAsync();
    }

    /// <summary>Stops a silo without a graceful shutdown.</summary>
    public Task KillSiloAsync(string name) => Cluster.KillSiloAsync(Silo(name).Handle);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_cluster is not null)
        {
            await _cluster.StopClusterClientAsync();
            // All at once: if they were stopped one after the other, each would take over the grains of the previous one.
            await Task.WhenAll(_cluster.Silos.Select(_cluster.StopSiloAsync));
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
        if (shape.Redis)
            await Task.WhenAll(Regions.Select(async region => _redis[region] = await RedisServer.StartAsync()));
        var builder = new InProcessTestClusterBuilder((short)(shape.SilosAtFirst ?? shape.Silos.Count));
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((options, host) =>
            host.Configuration.AddInMemoryCollection(Settings(path, OrdinalOf(options.SiloName)).InSection()));
        builder.ConfigureSilo((options, silo) => Configure(silo, shape.Silos[OrdinalOf(options.SiloName)]));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        await SilosKnowEachOtherAsync();
        foreach (var region in Regions.Where(region => Silos.Any(silo => silo.Region == region)))
            await Router(region).GetRingAsync();
        if (Silos.Any(silo => silo.Region == Home))
        {
            await Eventually.IsTrueAsync(() => Silos.All(silo => silo.Owners.AreKnown.IsCompleted), "every silo knows the owners");
            // On a busy machine the silo of the home region may start so late that owners are activated elsewhere before.
            await Eventually.IsTrueAsync(() => Silos.All(silo => silo.Region == Home || silo.OwnersHere == 0), "all owners are at home");
        }
    }

    /// <summary>The server of a region's first node.</summary>
    public RedisServer Redis(string region) => _redis[region];

    /// <summary>The silo with this name.</summary>
    public SiloAccess Silo(string name) => Silos.Single(silo => silo.Name == name);

    /// <summary>The first silo of a region.</summary>
    public SiloAccess SiloOf(string region) => Silo(SiloName.Of(region, "1"));

    internal IRegionRouterGrain Router(string region) => Grains.GetGrain<IRegionRouterGrain>(region);

    /// <summary>The owner of a key, as a silo calls it.</summary>
    internal IOwnerGrain OwnerOf(string key) => Silos.First().Grains.GetGrain<IOwnerGrain>(OwnerGrain.KeyOf(SlotOf(key)));

    public static int SlotOf(string key) => CacheKey.Parse(key).SlotOf(64);

    /// <summary>Keys of the same slot, with this prefix.</summary>
    public static string[] KeysOfOneSlot(string prefix, int count) =>
    [
        .. Enumerable.Range(0, int.MaxValue).Select(i => $"{prefix}{i}").Where(key => SlotOf(key) == SlotOf($"{prefix}0")).Take(count),
    ];

    internal Task<LookupAnswer> LookupAsync(
        string region,
        string key,
        bool fresh = false,
        bool requireCoherent = false,
        int rank = 1,
        CancellationToken cancellation = default)
    {
        var book = Grains.GetGrain<IBookGrain>(new BookGrainKey(region, rank, key).ToString());
        return book.LookupAsync(new(fresh, requireCoherent), cancellation).AsTask()!;
    }

    /// <summary>Stores a book as an application does.</summary>
    public async Task<EditOutcome> StoreAsync(string key, string title) =>
        (await OwnerOf(key).StoreAsync([Write(key, title)], CancellationToken.None))[0];

    /// <summary>Writes a book directly into the catalog.</summary>
    public Task WriteAsync(string key, string title = "A book") => Catalog.StoreAsync([Write(key, title)], CancellationToken.None);

    /// <summary>Writes books directly into the catalog.</summary>
    public Task WriteAsync(IEnumerable<string> keys) =>
        Catalog.StoreAsync([.. keys.Select(key => Write(key, "A book"))], CancellationToken.None);

    public static KeyedPayload Write(string key, string title) => new(key, BookPayload.Encode(new Book(title)));

    private EntryScope ScopeOf(string region) => Silos.First().Scope with { Region = region };

    internal static string TitleOf(LookupAnswer answer) => BookPayload.Decode(answer.Row.Payload).Title;

    /// <summary>The number of catalog reads of a book, by all silos.</summary>
    public int CatalogReadsOf(string key) => Silos.Sum(silo => silo.Catalog.ReadsOf(key));

    /// <summary>The counters of a silo.</summary>
    public async Task<SiloStatistics> StatisticsAsync(string silo)
    {
        var all = await Router(SiloName.RegionOf(silo)!).GetStatisticsAsync();
        return all.Single(statistics => statistics.Silo == silo);
    }

    /// <summary>Waits until the region's Redis holds an entry: it is written after the response was sent.</summary>
    public Task RedisHoldsAsync(string region, string key) =>
        Eventually.IsTrueAsync(async () => await ReadRedisAsync(region, key) is not null, $"the Redis of {region} has {key}");

    /// <summary>What the keys of a region's entries begin with.</summary>
    public string PrefixOf(string region) => ScopeOf(region).KeyPrefix(new NodeOptions().KeyPrefix);

    /// <summary>How a region's entries are written.</summary>
    internal Envelope EnvelopeOf(string region) => new(ScopeOf(region));

    /// <summary>The value in the region's Redis for a book.</summary>
    public async Task<RedisEntry?> ReadRedisAsync(string region, string key)
    {
        await using var redis = await RedisClient.ConnectAsync(Redis(region).ConnectionString, PrefixOf(region));
        return await redis.ReadAsync(key);
    }

    /// <summary>The version of a book that the region's Redis holds, or null.</summary>
    public async Task<long?> VersionInRedisAsync(string region, string key) =>
        await ReadRedisAsync(region, key) is { } entry ? EnvelopeOf(region).Unpack(key, entry.Value)!.Identity.Version : null;

    /// <summary>Puts a value into a region's Redis, or removes what is there.</summary>
    public async Task PutIntoRedisAsync(string region, string key, byte[]? value, TimeSpan timeToLive)
    {
        await using var redis = await RedisClient.ConnectAsync(Redis(region).ConnectionString, PrefixOf(region));
        await redis.WriteAsync(key, value, timeToLive);
    }

    /// <summary>Advances the clocks of all silos, which must be manual ones.</summary>
    public void Advance(TimeSpan time)
    {
        foreach (var silo in Silos)
            silo.Clock.Advance(time);
    }

    // The Orleans test cluster names its silos Silo_0, Silo_1 and so on.
    private static int OrdinalOf(string name) =>
        int.Parse(name.AsSpan(name.IndexOf('_', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);

    private Task SilosKnowEachOtherAsync() => Eventually.IsTrueAsync(
        () => Silos.All(silo => silo.Members.All.Length == Cluster.Silos.Count), "every silo knows the others");

    private void Configure(ISiloBuilder silo, string name)
    {
        silo.Configure<ClusterMembershipOptions>(
            membership => membership.ProbeTimeout = membership.MinProbeTimeout = membership.MaxProbeTimeout = ProbeTimeout);
        // The Orleans test cluster sets its silos' names later than this.
        silo.Services.PostConfigure<SiloOptions>(options => options.SiloName = name);
        silo.Services.AddSingleton(provider =>
            new CatalogProbe(CatalogFactory.Create(provider.GetRequiredService<IOptions<CacheOptions>>().Value.Catalog)));
        silo.Services.AddSingleton<ICatalog>(provider => provider.GetRequiredService<CatalogProbe>());
        silo.Services.AddSingleton<ITopologyStore>(provider => provider.GetRequiredService<CatalogProbe>());
        if (shape.StoppedClocks)
        {
            silo.Services.AddSingleton<ManualClock>();
            silo.Services.AddSingleton<Clock>(provider => provider.GetRequiredService<ManualClock>());
            silo.Services.AddSingleton(ProcessLag.None);
            silo.Services.AddSingleton(ZeroDistance);
        }

        silo.AddOrleansCache();
        if (shape.StoppedClocks)
            silo.Services.Remove(silo.Services.Single(service => service.ImplementationType == typeof(RoundTripProbe)));
    }

    /// <summary>Real time would add to timeouts that the test measures with its own clock.</summary>
    private static RoundTrips ZeroDistance(IServiceProvider services)
    {
        var regions = services.GetRequiredService<RegionMap>();
        var roundTrips = new RoundTrips(regions, ProcessLag.None);
        foreach (var region in regions.Names)
            roundTrips.To(region).Note(TimeSpan.Zero);
        return roundTrips;
    }

    private Dictionary<string, string> Settings(string path, int silo)
    {
        var regions = shape.RegionsKnownTo?.Invoke(silo) ?? Regions;
        var settings = ClusterSettings.Of(regions, region => shape.Redis ? Redis(region).ConnectionString : $"memory:{region}");
        // A test's cluster is the first one on its catalog; tests of predecessors override this.
        settings["Leases:Predecessors"] = "None";
        settings["Catalog:ConnectionString"] = path;
        return settings.With(shape.Settings);
    }
}
