using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansCache.Catalogs;
using OrleansCache.Distance.Clients;
using OrleansCache.LocalClusters;

namespace OrleansCache.Distance.Clusters;

/// <summary>A cluster of processes in three regions that are far apart, and clients on its hosts.</summary>
internal sealed class DistantCluster : IAsyncDisposable
{
    public const string Europe = "europe";
    public const string Asia = "asia";
    public const string NorthAmerica = "northamerica";

    /// <summary>The regions; the first one is home.</summary>
    public static readonly string[] Regions = [Europe, Asia, NorthAmerica];

    /// <summary>The setting of clients that always ask a silo.</summary>
    public const string WithoutNearCache = "--OrleansCache:NearCacheBytes=0";

    private const int PayloadBytes = 600;
    private const int BooksPerWrite = 1_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-distance-");
    private readonly List<DistantClient> _clients = [];
    private ProcessCluster? _processes;

    private DistantCluster(DistantNetwork? network) => Network = network;

    /// <summary>The network; null when the cluster is at no distance, on this machine's loopback.</summary>
    public DistantNetwork? Network { get; }

    public ProcessCluster Processes => _processes ?? throw new InvalidOperationException("The cluster has not been started.");

    /// <summary>The settings of a client, with named gateways.</summary>
    public string ClientSettings => Path.Combine(_folder.FullName, "client.json");

    /// <summary>The settings of a client that finds the gateways in the clustering Redis.</summary>
    public string DiscoveringClientSettings => Path.Combine(_folder.FullName, "discovering-client.json");

    /// <summary>Starts a cluster and waits until its silos are ready.</summary>
    public static async Task<DistantCluster> StartAsync(DistantClusterOptions options)
    {
        var network = options.Distances is { } distances
            ? await DistantNetwork.StartAsync(
                new() { Hosts = Regions, Distances = distances, Jitter = options.Jitter, Loss = options.Loss })
            : null;
        var cluster = new DistantCluster(network);
        try
        {
            await cluster.StartProcessesAsync(options);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The host of a region.</summary>
    public NetworkHost Host(string region) => Network?.Host(region) ?? NetworkHost.Loopback;

    /// <summary>Starts a client on the host of a region, without waiting for it.</summary>
    public DistantClient StartClient(string region, params IEnumerable<string> arguments)
    {
        var client = DistantClient.Start(Host(region), region, ClientSettings, arguments);
        _clients.Add(client);
        return client;
    }

    /// <summary>Starts a client on the host of a region and waits until it is connected to all regions.</summary>
    public async Task<DistantClient> ConnectClientAsync(string region, params IEnumerable<string> arguments)
    {
        var client = StartClient(region, arguments);
        await client.ConnectAsync();
        return client;
    }

    /// <summary>The packets with data between silos of different regions so far.</summary>
    public long SiloPackets() => Network?.Counts.Where(count => count.Traffic is NetworkTraffic.Silo).Sum(count => count.Packets) ?? 0;

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            await client.DisposeAsync();
        if (_processes is not null)
            await _processes.DisposeAsync();
        Network?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task FillAsync(CatalogOptions settings, IReadOnlyDictionary<string, int> books, CancellationToken cancellation)
    {
        await using var catalog = CatalogFactory.Create(settings);
        await catalog.InitializeAsync(cancellation);
        var rows = books.SelectMany(shelf => Enumerable.Range(0, shelf.Value).Select(number => RowOf(shelf.Key, number)));
        foreach (var chunk in rows.Chunk(BooksPerWrite))
            await catalog.StoreAsync(chunk, cancellation);
    }

    private static KeyedPayload RowOf(string prefix, int number)
    {
        var title = string.Create(CultureInfo.InvariantCulture, $"Edition {number}");
        var book = new Book(title, "Nobody", 1984, Description: new string('x', PayloadBytes - 40));
        return new(string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}"), BookPayload.Encode(book));
    }

    private static string WithoutGateways(string settings)
    {
        var json = JsonNode.Parse(settings)!;
        foreach (var region in json["OrleansCache"]!["Regions"]!.AsArray())
            region!.AsObject().Remove("Gateways");
        return json.ToJsonString(JsonSerializerOptions.Default);
    }

    private async Task StartProcessesAsync(DistantClusterOptions options)
    {
        _processes = await ProcessCluster.StartAsync(new()
        {
            Regions = Regions,
            Network = Network,
            ClusteringRegion = options.ClusteringRegion,
            KeepClusteringData = true,
            SilosPerRegion = options.SilosPerRegion,
            Postgres = options.Postgres,
            Settings = options.Settings,
            PrepareCatalog = (settings, cancellation) => FillAsync(settings, options.Books, cancellation),
            OnLine = options.OnLine,
            Program = options.Program,
        });
        await File.WriteAllTextAsync(ClientSettings, _processes.ClientJson);
        await File.WriteAllTextAsync(DiscoveringClientSettings, WithoutGateways(_processes.ClientJson));
    }
}

/// <summary>How a <see cref="DistantCluster"/> is started.</summary>
internal sealed record DistantClusterOptions
{
    /// <summary>The distances of the figures, in milliseconds.</summary>
    public const string UsualDistances = "europe-asia=160,europe-northamerica=90,asia-northamerica=150";

    /// <summary>The round trips between regions; null for no network.</summary>
    public IReadOnlyList<NetworkDistance>? Distances { get; init; } = NetworkDistance.Parse(UsualDistances, DistantCluster.Regions);

    public TimeSpan Jitter { get; init; }

    /// <summary>The share of packets that are lost, from 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>The books in the catalog: prefixes of keys, each with the number of its books.</summary>
    public IReadOnlyDictionary<string, int> Books { get; init; } = new Dictionary<string, int>();

    public string? ClusteringRegion { get; init; }

    public int SilosPerRegion { get; init; } = 1;

    public bool Postgres { get; init; }

    /// <summary>The silo program, if it is not the product's.</summary>
    public string? Program { get; init; }

    /// <summary>Settings of the silos, as in <see cref="ProcessClusterOptions.Settings"/>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public Action<string, string>? OnLine { get; init; }
}
