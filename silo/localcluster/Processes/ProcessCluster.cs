using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using OrleansCache.Catalogs;

namespace OrleansCache.LocalClusters;

/// <summary>
/// A cluster of processes on this machine: a <c>redis-server</c> per region, one for clustering, and silos, each of which can be paused,
/// killed and started again. All of them end with this process. On a <see cref="DistantNetwork"/> each region's processes run on the host
/// of that name.
/// </summary>
public sealed class ProcessCluster : IAsyncDisposable
{
    private readonly ProcessClusterOptions _options;
    private readonly string _folder;
    private readonly string? _sockets;
    private readonly ConcurrentDictionary<string, SiloProcess> _silos = new();
    private readonly ConcurrentDictionary<string, LocalRedisServer> _redis = new();
    private LocalRedisServer? _clustering;
    private LocalPostgresServer? _postgres;

    private ProcessCluster(ProcessClusterOptions options)
    {
        _options = options;
        _folder = options.Folder ?? Directory.CreateTempSubdirectory("orleanscache-cluster-").FullName;
        Catalog = options.Catalog ?? new CatalogOptions { ConnectionString = Path.Combine(_folder, "catalog.db") };
        ClusteringRegion = options.ClusteringRegion ?? Regions[0];
        // Of their own: the path of a socket must not be long, as that of a repository's folder may be.
        _sockets = options.Http ? Directory.CreateTempSubdirectory("orleanscache-http-").FullName : null;
    }

    /// <summary>The regions; the first one is home.</summary>
    public IReadOnlyList<string> Regions => _options.Regions;

    /// <summary>The region whose host has the clustering Redis.</summary>
    public string ClusteringRegion { get; }

    /// <summary>The catalog that all silos use, as this process reaches it.</summary>
    public CatalogOptions Catalog { get; private set; }

    /// <summary>The cluster's id, a new one for each cluster.</summary>
    public string ClusterId { get; } = $"local-{Guid.NewGuid():N}"[..14];

    /// <summary>The Redis with the membership table.</summary>
    public LocalRedisServer ClusteringRedis =>
        _clustering ?? throw new InvalidOperationException("The clustering Redis has not been started.");

    /// <summary>The silos in the order of their names, including those that have ended.</summary>
    public IReadOnlyCollection<SiloProcess> Silos => [.. _silos.Values.OrderBy(silo => silo.Name, StringComparer.Ordinal)];

    /// <summary>The file with the settings that the silos share.</summary>
    public string ConfigFile => Path.Combine(_folder, "silo.json");

    /// <summary>The settings of a client, as the content of a JSON file.</summary>
    public string ClientJson => ClusterSettings.ToJson(ClientSettings);

    /// <summary>The settings of a client: names below the section <c>OrleansCache</c>, with their values.</summary>
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

    /// <summary>A silo by its name.</summary>
    public SiloProcess Silo(string name) => _silos.TryGetValue(name, out var silo)
        ? silo
        : throw new ArgumentException($"There is no silo \"{name}\"; there are {string.Join(", ", _silos.Keys)}.", nameof(name));

    /// <summary>A region's Redis.</summary>
    public LocalRedisServer Redis(string region) => _redis.TryGetValue(region, out var server)
        ? server
        : throw new ArgumentException($"There is no Redis of a region \"{region}\".", nameof(region));

    /// <summary>The gateways of a region's silos, including those of silos that have ended.</summary>
    public IReadOnlyList<IPEndPoint> Gateways(string region) =>
        [.. Silos.Where(silo => silo.Options.Region == region).Select(silo => silo.Gateway)];

    /// <summary>Adds a silo and waits until it is ready.</summary>
    /// <exception cref="SiloProcessException">The silo did not start.</exception>
    public async Task<SiloProcess> StartSiloAsync(string region, int number, CancellationToken cancellation = default)
    {
        var name = SiloProcess.NameOf(region, number);
        if (_silos.ContainsKey(name))
            throw new ArgumentException($"The silo {name} exists already; start it again with {nameof(RestartSiloAsync)}.", nameof(number));
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
            catch (SiloProcessException error)
                when (attempt < attempts && error.Message.Contains("in use", StringComparison.OrdinalIgnoreCase))
            {
                // Another process took one of its ports since it was found free.
                await silo.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Starts a silo again on its ports, after killing it if it is running, and waits until it is ready.</summary>
    /// <exception cref="SiloProcessException">The silo did not start.</exception>
    public async Task<SiloProcess> RestartSiloAsync(string name, CancellationToken cancellation = default)
    {
        var old = Silo(name);
        await old.DisposeAsync().ConfigureAwait(false);
        var silo = await SiloProcess.LaunchAsync(old.Options, cancellation).ConfigureAwait(false);
        _silos[name] = silo;
        await silo.WaitUntilReadyAsync(cancellation).ConfigureAwait(false);
        return silo;
    }

    /// <summary>Stops all silos at once (SIGTERM) and waits until they have ended; kills those that take too long.</summary>
    /// <param name="patience">How long each may take. Default: 10 s.</param>
    public Task StopSilosAsync(TimeSpan? patience = null) => Task.WhenAll(Silos.Select(silo => silo.StopAsync(patience)));

    /// <summary>Kills all processes and removes the cluster's files.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_silos.Values.Select(silo => silo.DisposeAsync().AsTask())).ConfigureAwait(false);
        IAsyncDisposable?[] servers = [.. _redis.Values, _clustering, _postgres];
        await Task.WhenAll(servers.OfType<IAsyncDisposable>().Select(server => server.DisposeAsync().AsTask())).ConfigureAwait(false);
        if (_sockets is not null && Directory.Exists(_sockets))
            Directory.Delete(_sockets, recursive: true);
        if (_options.Folder is not null)
            File.Delete(ConfigFile);
        else if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.WhenAll(
            [
                StartClusteringAsync(cancellation),
                StartPostgresAsync(cancellation),
                .. Regions.Select(region => StartRedisAsync(region, cancellation)),
            ]).ConfigureAwait(false);
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

    /// <summary>Only this user may read the file: it may contain the catalog's password.</summary>
    private async Task WriteConfigAsync(CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(ConfigFile, options);
        await writer.WriteAsync(ClusterSettings.ToJson(SiloSettings()).AsMemory(), cancellation).ConfigureAwait(false);
    }

    private async Task StartClusteringAsync(CancellationToken cancellation) =>
        _clustering = await StartRedisAsync(ClusteringRegion, NetworkPorts.Clustering, _options.KeepClusteringData, cancellation)
            .ConfigureAwait(false);

    private async Task StartPostgresAsync(CancellationToken cancellation)
    {
        if (!_options.Postgres)
            return;
        _postgres = await LocalPostgresServer.StartAsync(HostOf(Regions[0]), cancellation).ConfigureAwait(false);
        Catalog = new() { Provider = CatalogOptions.Postgres, ConnectionString = _postgres.ConnectionString };
    }

    private async Task StartRedisAsync(string region, CancellationToken cancellation) =>
        _redis[region] = await StartRedisAsync(region, NetworkPorts.Node, false, cancellation).ConfigureAwait(false);

    private Task<LocalRedisServer> StartRedisAsync(string region, int port, bool keepsData, CancellationToken cancellation) =>
        HostOf(region) is { IsDistant: true } host
            ? LocalRedisServer.StartAsync(host, port, keepsData, cancellation)
            : LocalRedisServer.StartAsync(keepsData, cancellation);

    private NetworkHost HostOf(string region) => _options.Network?.Host(region) ?? NetworkHost.Loopback;

    private SiloProcessOptions OptionsOf(string region, int number)
    {
        var host = HostOf(region);
        var options = new SiloProcessOptions
        {
            Host = host,
            Region = region,
            Number = number,
            SiloPort = host.IsDistant ? NetworkPorts.Silo + number - 1 : FreePort.Find(),
            GatewayPort = host.IsDistant ? NetworkPorts.Gateway + number - 1 : FreePort.Find(),
            ConfigFile = ConfigFile,
            HttpSocket = _sockets is null ? "" : Path.Combine(_sockets, SiloProcess.NameOf(region, number)),
            Arguments = _options.Arguments,
            StartLimit = _options.StartLimit,
            OnLine = _options.OnLine is { } onLine ? line => onLine(SiloProcess.NameOf(region, number), line) : null,
        };
        return _options.Program is { } program ? options with { Program = program } : options;
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
        var settings = ClusterSettings.Of(Regions, region => Redis(region).NodeConnection);
        settings["Catalog:Provider"] = Catalog.Provider;
        settings["Catalog:ConnectionString"] = _postgres?.NetworkConnectionString ?? Catalog.ConnectionString;
        return settings.With(SharedSettings()).With(_options.Settings);
    }
}

/// <summary>How a cluster of processes is started.</summary>
public sealed record ProcessClusterOptions
{
    /// <summary>The regions; the first one is home.</summary>
    public IReadOnlyList<string> Regions { get; init; } = ["europe", "asia", "northamerica"];

    /// <summary>The number of silos that are started in each region; more can be added later. Default: 1.</summary>
    public int SilosPerRegion { get; init; } = 1;

    /// <summary>The network on which it runs, with a host for each region. Default: none; everything is on this machine.</summary>
    public DistantNetwork? Network { get; init; }

    /// <summary>The region whose host has the clustering Redis. Default: home.</summary>
    public string? ClusteringRegion { get; init; }

    /// <summary>The catalog. Default: a SQLite file that is removed with the cluster.</summary>
    public CatalogOptions? Catalog { get; init; }

    /// <summary>Whether the catalog is a temporary PostgreSQL server; <see cref="Catalog"/> is then ignored.</summary>
    public bool Postgres { get; init; }

    /// <summary>
    /// Whether each silo has an HTTP server, on a Unix domain socket (<see cref="SiloProcess.HttpSocket"/>): it is reached on a distant
    /// network, too. Default: no.
    /// </summary>
    public bool Http { get; init; }

    /// <summary>The folder for the files with settings. Default: one that is removed with the cluster.</summary>
    public string? Folder { get; init; }

    /// <summary>The silo program's assembly. Default: the one that was built or published with the running program.</summary>
    public string? Program { get; init; }

    /// <summary>Further settings of all silos: names below the section <c>OrleansCache</c>, such as <c>Node:Budget</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the clustering Redis keeps its data when it is started again. Default: it is empty then.</summary>
    public bool KeepClusteringData { get; init; }

    /// <summary>Called for each line that a silo writes: the silo's name and the line.</summary>
    public Action<string, string>? OnLine { get; init; }

    /// <summary>Called with the catalog while the silos start, for example to fill it.</summary>
    public Func<CatalogOptions, CancellationToken, Task>? PrepareCatalog { get; init; }

    /// <summary>Further arguments of all silos.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>How long each silo may take until it is ready. Default: 60 s.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);
}
