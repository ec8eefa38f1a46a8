using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Client;
using OrleansCache.LocalClusters;

namespace OrleansCache.Http.Tests.Servers;

/// <summary>A cluster of two regions with one HTTP server, which tests share: each uses keys of its own.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-http-tests-");
    private LocalCluster _cluster = null!;
    private ServiceProvider _client = null!;

    internal TestServer Server { get; private set; } = null!;

    /// <summary>The cache as an application sees it that has its traces go on in the silos.</summary>
    internal IBookCache Books => _client.GetRequiredService<IBookCache>();

    public async Task InitializeAsync()
    {
        _cluster = await LocalCluster.StartAsync(
            new()
            {
                CatalogPath = Path.Combine(_folder.FullName, "catalog.db"),
                Nodes = LocalNodes.Memory,
                Regions = ["europe", "asia"],
                // By default no near cache gets a lease on a book that was edited in the last minute.
                Settings = new Dictionary<string, string>
                {
                    ["Leases:NearCacheCooldownAfterWrite"] = "00:00:00.01",
                    ["PropagateTraces"] = "true",
                },
            },
            CancellationToken.None);
        Server = await StartServerAsync();
        _client = new ServiceCollection().AddBookCache(client =>
        {
            Enter(client);
            client.PropagateTraces = true;
        }).BuildServiceProvider();
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        await _client.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Starts a further server, whose client is another one.</summary>
    internal Task<TestServer> StartServerAsync(HttpOptions? options = null) => TestServer.StartAsync(options, new(Enter));

    private void Enter(CacheClientOptions client)
    {
        client.Home = "europe";
        (client.ClusterId, client.ServiceId) = ("orleanscache", "orleanscache");
        foreach (var (region, gateways) in _cluster.Gateways)
        {
            var entered = new ClientRegionOptions { Name = region };
            foreach (var gateway in gateways)
                entered.Gateways.Add(gateway.ToString());
            client.Regions.Add(entered);
        }
    }
}

/// <summary>The tests that share a cluster.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterTests : ICollectionFixture<ClusterFixture>
{
    public const string Name = "Cluster";
}
