using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansCache.Catalogs;
using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Faults.Activations;
using OrleansCache.Tests.Faults.Load;

namespace OrleansCache.Tests.Faults.Clusters;

/// <summary>A cluster of real processes under a steady load from its three regions.</summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    private const int LinesShown = 40;

    // Longer than the silo program's own limit, so that the exit code is its own on a busy machine too.
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentDictionary<string, Reader> _readers = new();
    private readonly Ledger _ledger = new();
    private readonly DeathLog _deaths = new();
    private string[] _first = [];
    private bool _isSpoilt;
    private ProcessCluster? _processes;
    private SteadyLoad? _load;

    public const string Home = "europe";

    /// <summary>The region whose reader has no gateways in its settings and finds them in the clustering Redis.</summary>
    public const string Finding = "asia";

    public static string[] Regions { get; } = [Home, "asia", "northamerica"];

    public ProcessCluster Processes => _processes ?? throw new InvalidOperationException("The cluster has not been started.");

    public SteadyLoad Load => _load ?? throw new InvalidOperationException("The load has not been started.");

    public Ledger Ledger => _ledger;

    public DeathLog Deaths => _deaths;

    public Reader ReaderOf(string region) => _readers[region];

    /// <summary>Starts a cluster with a silo in each region.</summary>
    /// <param name="further">Further silos.</param>
    /// <param name="keepClusteringData">Whether the clustering Redis keeps its data across a restart.</param>
    /// <param name="underLoad">Whether to start the load, from a reader in each region.</param>
    public static async Task<FaultCluster> StartAsync(
        IEnumerable<(string Region, int Number)> further, bool keepClusteringData = false, bool underLoad = true)
    {
        var cluster = new FaultCluster();
        try
        {
            cluster._processes = await ProcessCluster.StartAsync(new()
            {
                Regions = Regions,
                KeepClusteringData = keepClusteringData,
                PrepareCatalog = FillAsync,
                Arguments = ["--Logging:LogLevel:OrleansCache.Activations=Debug"],
                OnLine = cluster.OnLine,
            });
            await Task.WhenAll(further.Select(silo => cluster.Processes.StartSiloAsync(silo.Region, silo.Number)));
            cluster._first = [.. cluster.Processes.Silos.Select(silo => silo.Name)];
            if (underLoad)
                await cluster.ReadAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills a silo's process (SIGKILL).</summary>
    public async Task KillAsync(string silo)
    {
        var time = Stopwatch.GetTimestamp();
        await Processes.Silo(silo).KillAsync();
        _ledger.EndOf(silo, time);
    }

    /// <summary>Stops a silo's process (SIGTERM) and waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(string silo)
    {
        var code = await Processes.Silo(silo).StopAsync(StopPatience);
        _ledger.EndOf(silo, Stopwatch.GetTimestamp());
        return code;
    }

    public Task<SiloProcess> StartAgainAsync(string silo) => Processes.RestartSiloAsync(silo);

    /// <summary>Waits until the reader without gateways in its settings knows the gateways of exactly the running silos.</summary>
    public Task WhenGatewaysAreFoundAsync() => Eventually.IsTrueAsync(
        () => Regions.All(region => GatewaysFound(region).SequenceEqual(GatewaysOfRunning(region))),
        $"the reader in {Finding} finds the gateways of each region's running silos and no others");

    /// <summary>Records that a scenario failed and left the cluster in an unknown state.</summary>
    public void Spoil() => _isSpoilt = true;

    /// <summary>After a failed scenario: restarts the clustering Redis and the initial silos, and ends the others.</summary>
    public async Task RestoreAsync()
    {
        if (!_isSpoilt)
            return;
        foreach (var silo in Processes.Silos.Select(silo => silo.Name).ToArray())
            await KillAsync(silo);
        await Processes.ClusteringRedis.RestartAsync(empty: true);
        await Task.WhenAll(_first.Select(StartAgainAsync));
        _isSpoilt = false;
    }

    /// <summary>The last lines of the silos' logs, without activations and single calls.</summary>
    public string LastLines() => string.Join(
        Environment.NewLine, _lines.Where(line => !line.Contains("could not be delivered", StringComparison.Ordinal)).TakeLast(LinesShown));

    /// <summary>A silo's log without activations.</summary>
    public IReadOnlyList<string> LinesOf(string silo) => [.. _lines.Where(line => line.StartsWith($"{silo}: ", StringComparison.Ordinal))];

    /// <summary>Asserts that no grain was active on two silos at once.</summary>
    public void NoDoubles()
    {
        var doubles = _ledger.Doubles();
        Assert.True(
            doubles.Count == 0, $"{doubles.Count} grains were active twice at once: {string.Join(Environment.NewLine, doubles.Take(10))}");
        Assert.True(_ledger.Count > 0, "The silos logged no activation at all.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_load is not null)
            await _load.DisposeAsync();
        await Task.WhenAll(_readers.Values.Select(reader => reader.DisposeAsync().AsTask()));
        if (_processes is not null)
            await _processes.DisposeAsync();
    }

    private static async Task FillAsync(CatalogOptions settings, CancellationToken cancellation)
    {
        await using var catalog = new SqliteCatalog(settings.ConnectionString);
        await catalog.InitializeAsync(cancellation);
        foreach (var batch in Shelf.Books.Chunk(2_000))
            await catalog.StoreAsync(batch, cancellation);
    }

    private IEnumerable<KeyValuePair<string, string>> SettingsOf(string region) =>
        Processes.ClientSettings.Where(setting => region != Finding || !setting.Key.Contains(":Gateways:", StringComparison.Ordinal));

    private string[] GatewaysFound(string region) =>
        [.. ReaderOf(Finding).Operations.ConnectionOf(region).Gateways.Order(StringComparer.Ordinal)];

    private string[] GatewaysOfRunning(string region) =>
    [
        .. Processes.Silos.Where(silo => silo.Options.Region == region && !silo.Ended.IsCompleted)
            .Select(silo => silo.Gateway.ToString())
            .Order(StringComparer.Ordinal),
    ];

    private async Task ReadAsync()
    {
        await Task.WhenAll(Regions.Select(async region => _readers[region] = await Reader.StartAsync(SettingsOf(region), region)));
        _load = await SteadyLoad.StartAsync(Regions, region => _readers[region]);
    }

    private void OnLine(string silo, string line)
    {
        // The last line of a silo that the cluster has declared dead; by then its grains may be active elsewhere.
        if (line.Contains("has declared this silo dead", StringComparison.Ordinal))
            _ledger.EndOf(silo, 0);
        _deaths.Read(silo, line);
        if (line.Contains(" begins at ", StringComparison.Ordinal) || line.Contains(" ends at ", StringComparison.Ordinal))
            _ledger.Read(silo, line);
        else
            _lines.Enqueue($"{silo}: {line}");
    }
}
