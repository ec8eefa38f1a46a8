using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.LocalClusters;
using OrleansCache.Placement;
using OrleansCache.Silo.Clustering;
using OrleansCache.Silo.Configuration;
using OrleansCache.Tests.Faults.Activations;
using OrleansCache.Tests.Faults.Load;

namespace OrleansCache.Tests.Faults.Churn;

/// <summary>
/// Many silos in this process that join and leave, each with its own ports and the wiring of the silo program. A machine cannot run as many
/// processes, and an Orleans test cluster does not restart a silo under its old name.
/// </summary>
internal sealed class InProcessSilos(IReadOnlyList<string> regions, int size) : IFatalErrorHandler, IAsyncDisposable
{
    private static readonly ParallelOptions AtATime = new() { MaxDegreeOfParallelism = 5 };

    private readonly string _folder = Directory.CreateTempSubdirectory("orleanscache-churn-").FullName;
    private readonly ConcurrentDictionary<string, IHost> _hosts = new();
    private readonly ConcurrentDictionary<string, (int Silo, int Gateway)> _ports = new();
    private readonly ConcurrentDictionary<int, bool> _given = new();
    private readonly ConcurrentQueue<string> _ends = new();
    private readonly string _cluster = $"churn-{Guid.NewGuid():N}";
    private LocalRedisServer? _clustering;

    /// <summary>The names of all silos: region, dot, number.</summary>
    public IReadOnlyList<string> Names { get; } =
    [
        .. Enumerable.Range(0, size)
            .Select(i => SiloName.Of(regions[i % regions.Count], ((i / regions.Count) + 1).ToString(CultureInfo.InvariantCulture))),
    ];

    public IReadOnlyList<string> There => [.. Names.Where(_hosts.ContainsKey)];

    public IReadOnlyList<string> Away => [.. Names.Where(name => !_hosts.ContainsKey(name))];

    /// <summary>The messages of silos that the cluster has declared dead; none on a healthy cluster.</summary>
    public IReadOnlyCollection<string> DeclaredDead => _ends;

    public Ledger Ledger { get; } = new();

    /// <summary>The settings of a client, with the gateways of all silos, running or not.</summary>
    public IEnumerable<KeyValuePair<string, string>> ClientSettings =>
        Shared().Concat(regions.SelectMany((region, i) => Names.Where(name => SiloName.RegionOf(name) == region)
            .Select((name, j) => KeyValuePair.Create($"Regions:{i}:Gateways:{j}", $"127.0.0.1:{PortsOf(name).Gateway}"))
            .Prepend(KeyValuePair.Create($"Regions:{i}:Name", region))));

    private string CatalogPath => Path.Combine(_folder, "catalog.db");

    public async Task StartAsync()
    {
        _clustering = await LocalRedisServer.StartAsync();
        await using (var catalog = new SqliteCatalog(CatalogPath))
        {
            await catalog.InitializeAsync(CancellationToken.None);
            foreach (var batch in Shelf.Books.Chunk(2_000))
                await catalog.StoreAsync(batch, CancellationToken.None);
        }

        await Parallel.ForEachAsync(Names, AtATime, async (name, _) => await JoinAsync(name));
    }

    public async Task JoinAsync(string name)
    {
        var host = Build(name);
        await host.StartAsync();
        _hosts[name] = host;
    }

    public async Task LeaveAsync(string name)
    {
        if (!_hosts.TryRemove(name, out var host))
            return;
        await host.StopAsync();
        Ledger.EndOf(name, Stopwatch.GetTimestamp());
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null) =>
        _ends.Enqueue($"{sender}: {context} {exception?.Message}");

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(There.Select(LeaveAsync));
        if (_clustering is not null)
            await _clustering.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A silo that joins again has the same ports.</summary>
    private (int Silo, int Gateway) PortsOf(string name) => _ports.GetOrAdd(name, _ => (UnusedPort(), UnusedPort()));

    private int UnusedPort()
    {
        int port;
        do
            port = FreePort.Find();
        while (!_given.TryAdd(port, true));
        return port;
    }

    private Dictionary<string, string> Shared() => new()
    {
        ["ClusterId"] = _cluster,
        ["ServiceId"] = _cluster,
        ["Home"] = regions[0],
        ["Clustering:Redis"] = _clustering!.ConnectionString,
    };

    private IHost Build(string name)
    {
        var (silo, gateway) = PortsOf(name);
        var settings = ClusterSettings.Of(regions, region => $"memory:{region}").With(Shared());
        settings["Catalog:ConnectionString"] = CatalogPath;
        settings["Silo:Region"] = SiloName.RegionOf(name)!;
        settings["Silo:Number"] = name[(name.LastIndexOf('.') + 1)..];
        settings["Silo:SiloPort"] = silo.ToString(CultureInfo.InvariantCulture);
        settings["Silo:GatewayPort"] = gateway.ToString(CultureInfo.InvariantCulture);

        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.InSection());
        builder.Logging.SetMinimumLevel(LogLevel.None)
            .AddFilter("OrleansCache.Activations", LogLevel.Debug)
            .AddProvider(new LedgerLog(Ledger, name));
        var host = SiloHostOptions.Read(builder.Configuration);
        builder.UseOrleans(orleans =>
        {
            orleans.Join(host, new SiloPlace(IPAddress.Loopback, null));
            orleans.AddOrleansCache();
            orleans.Services.AddSingleton<IFatalErrorHandler>(this);
        });
        return builder.Build();
    }
}
