using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Entries;
using OrleansCache.Placement;
using OrleansCache.Redis;
using OrleansCache.Topology;

namespace OrleansCache.LocalClusters;

/// <summary>A cluster in this process: silos of several regions, their nodes, and a SQLite catalog.</summary>
public sealed class LocalCluster : IAsyncDisposable
{
    /// <summary>The placeholder that the catalog stores for the region's own server, whose address changes with each run.</summary>
    public const string OwnServer = "local";

    private const string ClusterName = "orleanscache";

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly LocalClusterOptions _options;
    private readonly List<IHost> _hosts = [];
    private readonly SqliteCatalog _catalog;
    private readonly MemoryServers _memory = new(Clock.System, new NodeOptions());
    private readonly Dictionary<string, IReadOnlyList<IPEndPoint>> _gateways = [];
    private LocalNodeServers _servers = null!;

    private LocalCluster(LocalClusterOptions options)
    {
        _options = options;
        _catalog = new SqliteCatalog(options.CatalogPath);
        Regions = new(options.Regions.Select(region => new RegionDefinition(region)), options.Regions[0]);
    }

    /// <summary>The regions.</summary>
    public RegionMap Regions { get; }

    /// <summary>The gateways of each region.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IPEndPoint>> Gateways => _gateways;

    /// <summary>What kind of servers the nodes are, for display.</summary>
    public string NodesDescription => _servers.Description;

    /// <summary>The catalog that all silos use.</summary>
    public ICatalog Catalog => _catalog;

    /// <summary>Starts a cluster.</summary>
    /// <exception cref="CatalogUnavailableException">The catalog's file cannot be used.</exception>
    /// <exception cref="InvalidTopologyException">A region's name is invalid.</exception>
    /// <exception cref="LocalNodesException">Redis is asked for but not installed, or it does not start.</exception>
    public static async Task<LocalCluster> StartAsync(LocalClusterOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var cluster = new LocalCluster(options);
        try
        {
            await cluster.StartAsync(cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The connection string of a region's own server.</summary>
    public string ConnectionOf(string region) => _servers.ConnectionOf(region);

    /// <summary>Stops a region's node abruptly; it loses its data.</summary>
    public Task StopNodeAsync(string region) => _servers.StopAsync(region);

    /// <summary>Starts a region's node again, empty.</summary>
    public Task StartNodeAsync(string region) => _servers.StartAsync(region, CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using (var patience = new CancellationTokenSource(StopPatience))
        {
            // The first silo has the membership table, which the others need to leave the cluster.
            await Task.WhenAll(_hosts.Skip(1).Select(host => StopAsync(host, patience.Token)));
            await Task.WhenAll(_hosts.Take(1).Select(host => StopAsync(host, patience.Token)));
        }

        await _catalog.DisposeAsync();
        if (_servers is not null)
            await _servers.DisposeAsync();
    }

    private static async Task StopAsync(IHost host, CancellationToken patience)
    {
        try
        {
            await host.StopAsync(patience);
        }
        catch (Exception error) when (error is OperationCanceledException || !HasStarted(host))
        {
            // Disposing of it ends what does not stop in time. When the start has failed, its exception says more than this one.
        }
        finally
        {
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    private static bool HasStarted(IHost host) =>
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested;

    private async Task StartAsync(CancellationToken cancellation)
    {
        var catalog = PrepareCatalogAsync(cancellation);
        _servers = await LocalNodeServers.StartAsync(_options.Nodes, _options.Regions, _memory, cancellation);
        await catalog;
        IPEndPoint? primary = null;
        foreach (var region in _options.Regions)
        {
            var gateways = new List<IPEndPoint>();
            for (var i = 1; i <= _options.SilosPerRegion; i++)
            {
                var silo = new IPEndPoint(IPAddress.Loopback, FreePort.Find());
                var gateway = new IPEndPoint(IPAddress.Loopback, FreePort.Find());
                gateways.Add(gateway);
                _hosts.Add(Build(SiloName.Of(region, i.ToString(CultureInfo.InvariantCulture)), silo, gateway, primary));
                primary ??= silo;
            }

            _gateways[region] = gateways;
        }

        // The first silo has the membership table, which the others need to join the cluster.
        await _hosts[0].StartAsync(cancellation);
        await Task.WhenAll(_hosts.Skip(1).Select(host => host.StartAsync(cancellation)));
    }

    private async Task PrepareCatalogAsync(CancellationToken cancellation)
    {
        await _catalog.InitializeAsync(cancellation);
        // This process is the whole cluster, so it may have other settings than the last one.
        await _catalog.ForgetSettingsAsync(cancellation);
    }

    private IHost Build(string name, IPEndPoint silo, IPEndPoint gateway, IPEndPoint? primary)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "OrleansCache" });
        builder.Configuration.AddInMemoryCollection(Settings());
        builder.Logging.SetMinimumLevel(_options.LogLevel);
        if (_options.LogLevel is not LogLevel.None)
            builder.Logging.AddStandardError();
        builder.Services.AddSingleton(_memory);
        builder.Services.AddSingleton<ICatalog>(_catalog);
        builder.Services.AddSingleton<ITopologyStore>(_catalog);
        _options.ConfigureServices?.Invoke(builder.Services);
        builder.UseOrleans(orleans =>
        {
            orleans.UseLocalhostClustering(silo.Port, gateway.Port, primary, ClusterName, ClusterName);
            orleans.Configure<SiloOptions>(options => options.SiloName = name);
            orleans.AddOrleansCache();
        });
        return builder.Build();
    }

    private IEnumerable<KeyValuePair<string, string?>> Settings()
    {
        var settings = ClusterSettings.Of(_options.Regions, _servers.ConnectionOf);
        // All readers are in this process, so nobody can hold a lease of an earlier cluster.
        settings[$"{nameof(CacheOptions.Leases)}:{nameof(LeaseOptions.Predecessors)}"] = nameof(Predecessors.None);
        settings[nameof(CacheOptions.TimeToLive)] = _options.TimeToLive.ToString();
        settings[nameof(CacheOptions.AbsentTimeToLive)] = _options.AbsentTimeToLive.ToString();
        settings[nameof(CacheOptions.MemoryBudgetBytes)] = _options.MemoryBudgetBytes.ToString(CultureInfo.InvariantCulture);
        return settings.With(_options.Settings).InSection();
    }
}

/// <summary>How a local cluster is started.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>The SQLite file of the catalog, which is created if it does not exist.</summary>
    public required string CatalogPath { get; init; }

    /// <summary>What is used as the regions' nodes.</summary>
    public LocalNodes Nodes { get; init; } = LocalNodes.Auto;

    /// <summary>The regions; the first one is home.</summary>
    public IReadOnlyList<string> Regions { get; init; } = ["europe", "asia", "northamerica"];

    /// <summary>The number of silos in each region. Default: 1.</summary>
    public int SilosPerRegion { get; init; } = 1;

    /// <summary>How long entries stay. Default: 10 minutes.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long absences stay. Default: 30 s.</summary>
    public TimeSpan AbsentTimeToLive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The memory budget of each silo in bytes. Default: 256 MiB.</summary>
    public long MemoryBudgetBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Further settings: names below the section <c>OrleansCache</c>, with their values.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Adds to the services of each silo, before those of the cache; for tests.</summary>
    internal Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>The lowest level of the silos' log that is written to standard error. Default: none.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.None;
}
