using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Client;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Silo;

/// <summary>The clustering Redis fails over: silos and clients that start afterwards find those that run.</summary>
public sealed class ClusteringFailoverTests
{
    private const string Table = "scene/members/scene";

    [Fact, Trait("Tier", "All")]
    public async Task Through_Sentinel()
    {
        await using var local = await LocalSentinel.StartAsync();
        await JoinsAfterFailoverAsync(local.ConnectionString, async () =>
        {
            var old = await local.PrimaryAsync();
            await old.KillAsync();
            await local.SuccessorOfAsync(old);
        });
    }

    [Fact, Trait("Tier", "All")]
    public async Task Of_a_Redis_Cluster()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(1, "--cluster-require-full-coverage", "no");
        await JoinsAfterFailoverAsync(cluster.ConnectionString, async () =>
        {
            var (primary, replicas) = await cluster.ServersOfAsync(Table);
            Assert.Equal("1", await primary.AskAsync("exists", Table));
            await primary.KillAsync();
            await Eventually.IsTrueAsync(
                async () => (await replicas[0].AskAsync("info", "replication")).Contains("role:master", StringComparison.Ordinal),
                "the replica is the primary");
        });
    }

    private static async Task JoinsAfterFailoverAsync(string redis, Func<Task> failOver)
    {
        await using var scene = new SiloScene(redis);
        await scene.StartAsync(scene.Silo("europe"));
        await failOver();

        await scene.StartAsync(scene.Silo("asia"));

        await using var client = new ServiceCollection().AddBookCache(options =>
        {
            (options.ClusterId, options.ServiceId, options.Home) = ("scene", "scene", "europe");
            options.Clustering.Redis = redis;
            options.ConnectDeadline = options.Deadline = options.OperationTimeout = SiloScene.Bound;
            foreach (var region in (string[])["europe", "asia"])
                options.Regions.Add(new ClientRegionOptions { Name = region });
        }).BuildServiceProvider();
        var cache = client.GetRequiredService<IBookCache>();
        await cache.PutAsync("book::1984", new Book("1984"));
        Assert.Equal("1984", (await cache.GetAsync("book::1984")).Book?.Title);
        // Each region has its gateway in the table alone.
        var operations = client.GetRequiredService<ICacheOperations>();
        await Eventually.IsTrueAsync(
            () => operations.ConnectionOf("europe").IsConnected && operations.ConnectionOf("asia").IsConnected, "both silos are found");
    }
}
