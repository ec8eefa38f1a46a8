using OrleansCache.LocalClusters;

namespace OrleansCache.Http.Tests.Servers;

/// <summary>A cluster of two regions with one HTTP server, which tests share: each uses keys of its own.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanscache-http-tests-");
    private LocalCluster _cluster = null!;

    internal TestServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _cluster = await LocalCluster.StartAsync(
            new()
            {
                CatalogPath = Path.Combine(_folder.FullName, "catalog.db"),
                Nodes = LocalNodes.Memory,
                Regions = ["europe", "asia"],
                // By default no near cache gets a lease on a book that was edited in the last minute.
                Settings = new Dictionary<string, string> { ["Leases:NearCacheCooldownAfterWrite"] = "00:00:00.01" },
            },
            CancellationToken.None);
        Server = await StartServerAsync();
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Starts a further server, whose client is another one.</summary>
    internal Task<TestServer> StartServerAsync(HttpOptions? options = null) => TestServer.StartAsync(options, new(client =>
    {
        (client.ClusterId, client.ServiceId) = ("orleanscache", "orleanscache");
        foreach (var (region, gateways) in _cluster.Gateways)
        {
            var entered = new Client.ClientRegionOptions { Name = region };
            foreach (var gateway in gateways)
                entered.Gateways.Add(gateway.ToString());
            client.Regions.Add(entered);
        }
    }));
}

/// <summary>The tests that share a cluster.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterTests : ICollectionFixture<ClusterFixture>
{
    public const string Name = "Cluster";
}
