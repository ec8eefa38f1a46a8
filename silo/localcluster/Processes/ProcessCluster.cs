using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using OrleansCache.Catalogs;

namespace OrleansCache.LocalClusters;

/// <summary>
/// A cluster of processes on this machine: a <c>redis-server</c> per region and one for clustering, and silos, each of which can be
/// paused, killed and started again. None of them outlives this process.
/// </summary>
public sealed class ProcessCluster : IAsyncDisposable
{
    private readonly ProcessClusterOptions _options;
    private readonly string _folder;
    private readonly ConcurrentDictionary<string, SiloProcess> _silos = new();
    private readonly ConcurrentDictionary<string, LocalRedisServer> _redis = new();
    private readonly ConcurrentDictionary<int, bool> _ports = new();
    private LocalRedisServer? _clustering;
    private LocalPostgresServer? _postgres;

    private ProcessCluster(ProcessClusterOptions options)
    {
        _options = options;
        _folder = options.Folder ?? Directory.CreateTempSubdirectory("orleanscache-cluster-").FullName;
        Catalog = options.Catalog ?? new CatalogSettings { ConnectionString = Path.Combine(_folder, "catalog.db") };
    }

    /// <summary>The regions; the first one is home.</summary>
    public IReadOnlyList<string> Regions => _options.Regions;

    /// <summary>The catalog that all silos use.</summary>
    public CatalogSettings Catalog { get; private set; }

    /// <summary>The cluster's id.</summary>
    public string ClusterId { get; } = $"local-{Guid.NewGuid():N}"[..14];

    /// <summary>The Redis in which silos find each other.</summary>
    public LocalRedisServer ClusteringRedis => _clustering ?? throw new InvalidOperationException("The clustering Redis has not been started.");

    /// <summary>The silos' processes, by name; those that have ended too, until they are started again.</summary>
    public IReadOnlyCollection<SiloProcess> Silos => [.. _silos.Values.OrderBy(silo => silo.Name, StringComparer.Ordinal)];

    /// <summary>The file with the settings that the silos share.</summary>
    public string ConfigFile => Path.Combine(_folder, "silo.json");

    /// <summary>What a client needs, as a JSON file.</summary>
    public string ClientJson => ClusterSettings.ToJson(ClientSettings);

    /// <summary>What a client needs: settings of the section <c>OrleansCache</c> by their names below it.</summary>
    public IReadOnlyDictionary<string, string> ClientSettings
    {
        get
        {
            var settings = SharedSettings();
            for (var i = 0; i < Regions.Count; i++)
            {
                settings[$"Regions:{i}:Name"] = Regions[i];
                var gateways = Gateways(Regions[i]);
                for (var j = 0; j < gateways.Count; j++)
                    settings[$"Regions:{i}:Gateways:{j}"] = gateways[j].ToString();
            }

            return settings;
        }
    }

    /// <summary>Starts a cluster and waits until every silo is ready.</summary>
    /// <exception cref="SiloProcessException">A silo or a Redis did not start.</exception>
    public static async Task<ProcessCluster> StartAsync(ProcessClusterOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var cluster = new ProcessCluster(options);
        try
        {
            await cluster.StartAsync(cancellation).ConfigureAwait(false);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A silo's process.</summary>
    public SiloProcess Silo(string name) =>
        _silos.TryGetValue(name, out var silo) ? silo : throw new ArgumentException($"There is no silo \"{name}\"; there are {string.Join(", ", _silos.Keys)}.", nameof(name));

    /// <summary>A region's Redis.</summary>
    public LocalRedisServer Redis(string region) =>
        _redis.TryGetValue(region, out var server) ? server : throw new ArgumentException($"There is no Redis of a region \"{region}\".", nameof(region));

    /// <summary>Where clients enter a region, the gateways of silos that have ended included.</summary>
    public IReadOnlyList<IPEndPoint> Gateways(string region) =>
        [.. Silos.Where(silo => silo.Options.Region == region).Select(silo => silo.Gateway)];

    /// <summary>Starts a silo that the cluster has not got yet, and waits until it is ready.</summary>
    /// <exception cref="SiloProcessException">It did not start.</exception>
    public async Task<SiloProcess> StartSiloAsync(string region, int number, CancellationToken cancellation = default)
    {
        var name = SiloProcess.NameOf(region, number);
        if (_silos.ContainsKey(name))
            throw new ArgumentException($"There is a silo {name} already; start it again with {nameof(RestartSiloAsync)}.", nameof(number));
        const int attempts = 3;
        for (var attempt = 1; ; attempt++)
        {
            var silo = await SiloProcess.LaunchAsync(OptionsOf(region, number), cancellation).ConfigureAwait(false);
            _silos[name] = silo;
            try
            {
                await silo.WaitUntilReadyAsync(cancellation).ConfigureAwait(false);
                return silo;
            }
            catch (SiloProcessException error) when (attempt < attempts && error.Message.Contains("in use", StringComparison.OrdinalIgnoreCase))
            {
                // A port was free a moment ago; somebody else was faster.
                await silo.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Starts a silo again on the ports that it had, after killing it if it still runs, and waits until it is ready.</summary>
    /// <exception cref="SiloProcessException">It did not start.</exception>
    public async Task<SiloProcess> RestartSiloAsync(string name, CancellationToken cancellation = default)
    {
        var old = Silo(name);
        await old.DisposeAsync().ConfigureAwait(false);
        var silo = await SiloProcess.LaunchAsync(old.Options, cancellation).ConfigureAwait(false);
        _silos[name] = silo;
        await silo.WaitUntilReadyAsync(cancellation).ConfigureAwait(false);
        return silo;
    }

    /// <summary>Asks every silo to end (SIGTERM), all at once, and waits until they have; kills those that take longer than they may.</summary>
    /// <param name="patience">How long each may take: 10 s unless said.</param>
    public Task StopSilosAsync(TimeSpan? patience = null) => Task.WhenAll(Silos.Select(silo => silo.StopAsync(patience)));

    /// <summary>Kills what still runs, and removes the cluster's files.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_silos.Values.Select(silo => silo.DisposeAsync().AsTask())).ConfigureAwait(false);
        await Task.WhenAll(_redis.Values.Append(_clustering).OfType<IAsyncDisposable>().Append(_postgres).Select(server => server?.DisposeAsync().AsTask() ?? Task.CompletedTask)).ConfigureAwait(false);
        if (_options.Folder is not null)
            File.Delete(ConfigFile);
        else if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll([StartClusteringAsync(cancellation), StartPostgresAsync(cancellation), .. Regions.Select(region => StartRedisAsync(region, cancellation))]).ConfigureAwait(false);
        }
        catch (InvalidOperationException error)
        {
            throw new SiloProcessException(error.Message, error);
        }

        await WriteConfigAsync(cancellation).ConfigureAwait(false);
        var prepared = _options.PrepareCatalog?.Invoke(Catalog, cancellation) ?? Task.CompletedTask;
        await Task.WhenAll(
        [
            prepared,
            .. from region in Regions
               from number in Enumerable.Range(1, _options.SilosPerRegion)
               select StartSiloAsync(region, number, cancellation),
        ]).ConfigureAwait(false);
    }

    /// <summary>The file may hold the catalog's password, so nobody else may read it.</summary>
    private async Task WriteConfigAsync(CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(ConfigFile, options);
        await writer.WriteAsync(ClusterSettings.ToJson(SiloSettings()).AsMemory(), cancellation).ConfigureAwait(false);
    }

    private async Task StartClusteringAsync(CancellationToken cancellation) =>
        _clustering = await LocalRedisServer.StartAsync(_options.KeepClusteringData, cancellation).ConfigureAwait(false);

    private async Task StartPostgresAsync(CancellationToken cancellation)
    {
        if (!_options.Postgres)
            return;
        _postgres = await LocalPostgresServer.StartAsync(cancellation).ConfigureAwait(false);
        Catalog = new() { Provider = CatalogSettings.Postgres, ConnectionString = _postgres.ConnectionString };
    }

    private async Task StartRedisAsync(string region, CancellationToken cancellation) =>
        _redis[region] = await LocalRedisServer.StartAsync(cancellation).ConfigureAwait(false);

    private SiloProcessOptions OptionsOf(string region, int number)
    {
        var options = new SiloProcessOptions
        {
            Region = region,
            Number = number,
            SiloPort = UnusedPort(),
            GatewayPort = UnusedPort(),
            ConfigFile = ConfigFile,
            Arguments = _options.Arguments,
            StartLimit = _options.StartLimit,
            OnLine = _options.OnLine is { } tell ? line => tell(SiloProcess.NameOf(region, number), line) : null,
        };
        return _options.Program is { } program ? options with { Program = program } : options;
    }

    /// <summary>A free port that nobody in this cluster has been given: a silo listens on its ports only after a while.</summary>
    private int UnusedPort()
    {
        int port;
        do
            port = FreePort.Find();
        while (_redis.Values.Append(_clustering).Any(server => server?.Port == port) || !_ports.TryAdd(port, true));
        return port;
    }

    private Dictionary<string, string> SharedSettings() => new()
    {
        ["ClusterId"] = ClusterId,
        ["ServiceId"] = "orleanscache",
        ["Home"] = Regions[0],
        ["Clustering:Redis"] = ClusteringRedis.ConnectionString,
    };

    private Dictionary<string, string> SiloSettings()
    {
        var settings = ClusterSettings.Of(Regions, region => $"{Redis(region).ConnectionString},connectTimeout=1000,abortConnect=false");
        settings["Catalog:Provider"] = Catalog.Provider;
        settings["Catalog:ConnectionString"] = Catalog.ConnectionString;
        return settings.With(SharedSettings()).With(_options.Settings);
    }
}
