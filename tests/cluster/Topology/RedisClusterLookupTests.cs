using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;
using Xunit.Abstractions;

namespace OrleansCache.Tests.Topology;

/// <summary>What readers notice of a Redis Cluster that is a region's only node.</summary>
public sealed class RedisClusterLookupTests(ITestOutputHelper output)
{
    private const int LookupsInSecond = 500;

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

    [Fact, Trait("Tier", "All")]
    public async Task Resharding_onto_a_new_primary_and_back_under_lookups_is_not_noticed()
    {
        const int Slots = 3_000;
        await using var redis = await LocalRedisCluster.StartAsync(0);
        await using var cluster = await StartAsync(redis);
        string[] keys = [.. Enumerable.Range(0, 300).Select(i => $"moved::{i}")];
        await cluster.WriteAsync(keys);
        await LookUpAllAsync(cluster, keys);
        await IsServedByRedisAsync(cluster, keys);
        var (first, answers, slowest) = (redis.Servers[0], new ConcurrentDictionary<Tier, int>(), 0L);
        using var stopping = new CancellationTokenSource();
        var began = Stopwatch.GetTimestamp();
        var readers = Enumerable.Range(0, LookupsInSecond / 50).Select(reader => Task.Run(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            for (var i = 31 * reader; !stopping.IsCancellationRequested; i++)
            {
                await timer.WaitForNextTickAsync(CancellationToken.None);
                var asked = Stopwatch.GetTimestamp();
                var answer = await ColdLookupAsync(cluster, keys[i % keys.Length]);
                Assert.Equal((true, LookupFlags.None), (answer.Row.Exists, answer.Flags));
                answers.AddOrUpdate(answer.Tier, 1, (_, count) => count + 1);
                InterlockedMax(ref slowest, Stopwatch.GetTimestamp() - asked);
            }
        })).ToArray();

        var added = await redis.AddPrimaryAsync();
        await LocalRedisCluster.ReshardAsync(first, added, Slots);
        await redis.IsWellAsync();
        Assert.NotEqual("0", await added.AskAsync("dbsize"));
        await LocalRedisCluster.ReshardAsync(added, first, Slots);
        await redis.RemoveAsync(added);
        await IsServedByRedisAsync(cluster, keys);
        await stopping.CancelAsync();
        await Task.WhenAll(readers);

        var total = answers.Values.Sum();
        output.WriteLine(
            $"{total / Stopwatch.GetElapsedTime(began).TotalSeconds:0} lookups/s, none failed or flagged; "
            + $"slowest {TimeSpan.FromSeconds((double)slowest / Stopwatch.Frequency).TotalMilliseconds:0} ms; "
            + string.Join(", ", answers.Select(answer => $"{answer.Key} {answer.Value}")));
        // What is not served by Redis while its slot moves comes from the owner.
        Assert.InRange(answers[Tier.Redis], total * 9 / 10, total);
        var node = Assert.Single((await cluster.Router("asia").GetRingAsync()).Nodes);
        Assert.Equal((NodeState.Up, null), (node.State, node.Reason));

        static void InterlockedMax(ref long most, long value)
        {
            for (var now = Volatile.Read(ref most); value > now; now = Volatile.Read(ref most))
                Interlocked.CompareExchange(ref most, value, now);
        }
    }

    private static async Task<CacheCluster> StartAsync(LocalRedisCluster redis)
    {
        var cluster = await CacheCluster.StartAsync(new ClusterShape
        {
            Regions = ["europe", "asia"],
            Silos = ["europe.1", "asia.1"],
            Settings = new Dictionary<string, string>(ClusterShape.QuickNodes())
            {
                ["Node:Budget"] = "00:00:01",
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
