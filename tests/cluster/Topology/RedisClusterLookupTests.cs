using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Topology;

/// <summary>What readers notice of a Redis Cluster that is a region's only node.</summary>
public sealed class RedisClusterLookupTests
{
    [Fact]
    public async Task When_a_primary_is_killed_no_lookup_fails_and_the_ring_stays_as_it_is()
    {
        await using var redis = await LocalRedisCluster.StartAsync(1, "--cluster-require-full-coverage", "no");
        await using var cluster = await StartAsync(redis);
        string[] keys = [.. Enumerable.Range(0, 30).Select(i => $"lost::{i}")];
        await cluster.WriteAsync(keys);
        await LookUpAllAsync(cluster, keys);
        await IsServedByRedisAsync(cluster, keys);
        var before = await cluster.Router("asia").GetRingAsync();
        var (primary, _) = await redis.ServersOfAsync(cluster.PrefixOf("asia") + keys[0]);

        await primary.KillAsync();
        await Eventually.IsTrueAsync(
            async () =>
            {
                // Books that are new are written to the node, which is how the loss is found: reads go on from the replica.
                string[] added = [.. Enumerable.Range(0, 10).Select(_ => $"lost::{Guid.NewGuid()}")];
                await cluster.WriteAsync(added);
                await LookUpAllAsync(cluster, [.. keys, .. added]);
                return (await cluster.Router("asia").GetRingAsync()).Nodes[0].State == NodeState.Degraded;
            },
            "the loss is reported");
        await Eventually.IsTrueAsync(
            async () =>
            {
                await LookUpAllAsync(cluster, keys);
                return (await cluster.Router("asia").GetRingAsync()).Nodes[0].State == NodeState.Up;
            },
            "the cluster has repaired itself");

        await IsServedByRedisAsync(cluster, keys);
        var after = await cluster.Router("asia").GetRingAsync();
        Assert.Equal((before.Version, null), (after.Version, after.Nodes[0].Reason));
    }

    [Fact, Trait("Tier", "All")]
    public async Task An_old_replica_that_becomes_the_primary_never_makes_an_old_answer()
    {
        await using var redis = await LocalRedisCluster.StartAsync(1, "--cluster-require-full-coverage", "no");
        await using var cluster = await StartAsync(redis);
        const string Key = "old::1";
        await cluster.StoreAsync(Key, "first");
        await LookUpAllAsync(cluster, [Key]);
        await IsServedByRedisAsync(cluster, [Key]);
        var (primary, replicas) = await redis.ServersOfAsync(cluster.PrefixOf("asia") + Key);
        await Eventually.IsTrueAsync(async () => await ExistsAsync(replicas[0], Key), "the replica has the entry");

        // The replica hears nothing of the edits, and takes over with what it has.
        await replicas[0].PauseAsync();
        await cluster.StoreAsync(Key, "second");
        Assert.Equal("second", CacheCluster.TitleOf(await ColdLookupAsync(cluster, Key)));
        await primary.KillAsync();
        await replicas[0].ResumeAsync();
        var done = false;
        var answers = Task.Run(async () =>
        {
            while (!Volatile.Read(ref done))
            {
                var answer = await ColdLookupAsync(cluster, Key);
                Assert.Equal(("second", LookupFlags.None), (CacheCluster.TitleOf(answer), answer.Flags));
            }
        });
        await Eventually.IsTrueAsync(
            async () => answers.IsFaulted
                || (await replicas[0].AskAsync("info", "replication")).Contains("role:master", StringComparison.Ordinal),
            "the old replica is the primary");
        await Eventually.IsTrueAsync(
            async () => answers.IsFaulted || (await cluster.Router("asia").GetRingAsync()).Nodes[0].State == NodeState.Up,
            "the node is up");
        Volatile.Write(ref done, true);
        await answers;

        await cluster.StoreAsync(Key, "third");
        Assert.Equal("third", CacheCluster.TitleOf(await ColdLookupAsync(cluster, Key)));
        await IsServedByRedisAsync(cluster, [Key]);
    }

    private static async Task<CacheCluster> StartAsync(LocalRedisCluster redis)
    {
        var cluster = await CacheCluster.StartAsync(new ClusterShape
        {
            Regions = ["europe", "asia"],
            Silos = ["europe.1", "asia.1"],
            Settings = new Dictionary<string, string>
            {
                // On a slow machine an owner must not be taken for unreachable.
                ["OwnerBudget"] = "00:00:20",
                ["OwnerPatience"] = "00:00:20",
                ["RingRefresh"] = "00:00:00.200",
                ["NodeTrial"] = "00:00:00.100",
                ["Node:Budget"] = "00:00:01",
                ["Node:RetryAfter"] = "00:00:00.200",
                ["Node:FailoverPatience"] = "00:01:00",
            },
        });
        var ring = await cluster.Router("asia").AddNodeAsync("a-cluster", redis.ConnectionString, 100);
        Assert.Equal(NodeState.Up, ring.Nodes.Single(node => node.Name == "a-cluster").State);
        await cluster.Router("asia").RemoveNodeAsync("asia-1");
        return cluster;
    }

    private static Task<LookupAnswer> ColdLookupAsync(CacheCluster cluster, string key)
    {
        cluster.SiloOf("asia").Entries.Drop([key]);
        return cluster.LookupAsync("asia", key);
    }

    private static async Task LookUpAllAsync(CacheCluster cluster, string[] keys)
    {
        var answers = await Task.WhenAll(keys.Select(key => ColdLookupAsync(cluster, key)));
        Assert.All(answers, answer => Assert.Equal((true, LookupFlags.None), (answer.Row.Exists, answer.Flags)));
    }

    private static Task IsServedByRedisAsync(CacheCluster cluster, string[] keys) => Eventually.IsTrueAsync(
        async () =>
        {
            var answers = await Task.WhenAll(keys.Select(key => ColdLookupAsync(cluster, key)));
            return answers.All(answer => answer.Tier == Tier.Redis);
        },
        "Redis serves all keys");

    private static async Task<bool> ExistsAsync(RedisProcess replica, string key) =>
        (await replica.AskAsync("--scan", "--pattern", $"*{key}")).Contains(key, StringComparison.Ordinal);
}
