using System.Globalization;
using System.Text;
using OrleansCache.Redis;
using OrleansCache.TestSupport;
using Xunit.Abstractions;

namespace OrleansCache.Tests.Redis;

/// <summary>A Redis Cluster as one node: what its fail-overs, lost shards and reshardings cost.</summary>
public sealed class RedisClusterNodeTests(ITestOutputHelper output)
{
    private static readonly string Prefix = TestEntries.Prefix;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Twelve keys are on every shard; where they are is always the same.
    private static readonly string[] Keys = [.. Enumerable.Range(0, 12).Select(i => $"book::{i}")];

    private static readonly NodeOptions Quick = new()
    {
        Budget = TimeSpan.FromSeconds(1), RetryAfter = TimeSpan.FromMilliseconds(200), FailoverPatience = Minute,
    };

    [Fact]
    public async Task When_a_primary_with_a_replica_is_killed_its_keys_are_read_on_and_the_node_stays_on_the_ring()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(1, "--cluster-require-full-coverage", "no");
        await using var use = new NodeUse(cluster.ConnectionString, Quick, Keys);
        await use.IsServedAsync();
        var (primary, _) = await cluster.ServersOfAsync(Prefix + Keys[0]);
        var lost = await KeysOfAsync(cluster, primary);
        use.Forget();

        await primary.KillAsync();
        await use.IsAsync(NodeState.Degraded);
        Assert.Contains("2 of 3 shards", use.Node.Health.Reason, StringComparison.Ordinal);
        Assert.Contains(primary.Address, use.Node.Health.Reason, StringComparison.Ordinal);
        await use.IsAsync(NodeState.Up);

        // What was on its way to the primary is lost; everything else is read from the replica.
        Assert.All(lost, key => Assert.InRange(use.Reads[key].Failed, 0, 20));
        Assert.All(lost, key => Assert.True(use.Reads[key].Served > 10 * use.Reads[key].Failed));
        OthersAreUnaffected(use, lost);
        await use.IsServedAsync();
        Assert.Equal([NodeState.Degraded, NodeState.Up], use.States);

        // It returns as a replica, which nobody notices.
        await primary.StartAgainAsync();
        await cluster.IsWellAsync();
        use.Forget();
        await use.IsUsedOnAsync();
        OthersAreUnaffected(use, []);
        Assert.Equal([NodeState.Degraded, NodeState.Up], use.States);
        Assert.DoesNotContain(primary.Address, use.Node.Circuits);
    }

    [Theory, Trait("Tier", "All")]
    [InlineData(true, "no")]
    [InlineData(false, "no")]
    [InlineData(true, "yes")]
    [InlineData(false, "yes")]
    public async Task A_lost_shard_without_a_replica_costs_its_keys_nothing_once_its_circuit_is_open(bool killed, string coverage)
    {
        await using var cluster = await LocalRedisCluster.StartAsync(0, "--cluster-require-full-coverage", coverage);
        await using var use = new NodeUse(cluster.ConnectionString, Quick, Keys);
        await use.IsServedAsync();
        var (primary, _) = await cluster.ServersOfAsync(Prefix + Keys[0]);
        var lost = await KeysOfAsync(cluster, primary);
        use.Forget();
        use.Begin();

        await (killed ? primary.KillAsync() : primary.PauseAsync());
        await Eventually.IsTrueAsync(() => lost.All(key => !use.Node.CanRead(key) && !use.Node.CanWrite(key)), "the circuits are open");
        await Task.WhenAll(lost.Select(_ => use.IsUsedOnAsync(2)));
        use.Slow = 0;
        await use.IsUsedOnAsync(100);

        Assert.Equal(NodeState.Degraded, use.Node.Health.State);
        if (coverage == "no")
        {
            Assert.Equal(0, use.Slow);
            OthersAreUnaffected(use, lost);
            Assert.Contains("2 of 3 shards", use.Node.Health.Reason, StringComparison.Ordinal);
        }

        await (killed ? primary.StartAgainAsync() : primary.ResumeAsync());
        output.WriteLine(await use.IsNormalAsync(
            $"a shard without a replica {(killed ? "is killed" : "hangs")}, cluster-require-full-coverage {coverage}"));
        // That reads and writes of a shard stop, and that they are served again; with full coverage, of all shards.
        Assert.InRange(use.Cost.Lines, 2, coverage == "no" ? 4 : 12);
        Assert.DoesNotContain(NodeState.Down, use.States);
    }

    [Fact, Trait("Tier", "All")]
    public async Task When_a_primary_with_a_replica_hangs_its_keys_are_read_on()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(1, "--cluster-require-full-coverage", "no");
        await using var use = new NodeUse(cluster.ConnectionString, Quick, Keys);
        await use.IsServedAsync();
        var (primary, replicas) = await cluster.ServersOfAsync(Prefix + Keys[0]);
        var lost = await KeysOfAsync(cluster, primary);
        use.Forget();

        await primary.PauseAsync();
        await Eventually.IsTrueAsync(
            async () => (await replicas[0].AskAsync("info", "replication")).Contains("role:master", StringComparison.Ordinal),
            "the replica has taken over");
        OthersAreUnaffected(use, lost);
        await use.IsServedAsync();
        await primary.ResumeAsync();
        await cluster.IsWellAsync();
        await use.IsServedAsync();
        await use.IsAsync(NodeState.Up);
        Assert.DoesNotContain(NodeState.Down, use.States);
    }

    [Fact]
    public async Task A_planned_fail_over_is_not_noticed()
    {
        await using var cluster = await LocalRedisCluster.StartAsync();
        await using var use = new NodeUse(cluster.ConnectionString, Quick, Keys);
        await use.IsServedAsync();
        var (primary, replicas) = await cluster.ServersOfAsync(Prefix + Keys[0]);
        use.Forget();

        await replicas[0].AskAsync("cluster", "failover");
        await Eventually.IsTrueAsync(
            async () => (await cluster.ServersOfAsync(Prefix + Keys[0], replicas[0])).Primary == replicas[0], "the replica has taken over");
        await use.IsUsedOnAsync();

        OthersAreUnaffected(use, []);
        Assert.Empty(use.States);
        Assert.Empty(use.Log.Warnings);
        Assert.NotEqual(primary, replicas[0]);
    }

    [Fact, Trait("Tier", "All")]
    public async Task Resharding_onto_a_new_primary_and_back_is_not_noticed()
    {
        const int Slots = 3_000;
        await using var cluster = await LocalRedisCluster.StartAsync(0);
        await using var use = new NodeUse(cluster.ConnectionString, Quick, [.. Enumerable.Range(0, 40).Select(i => $"book::{i}")]);
        await use.IsServedAsync();
        for (var i = 0; i < 2_000; i++)
            await use.Node.WriteAsync(Row($"other::{i}"), Minute, overwrite: false, default);
        var first = cluster.Servers[0];
        use.Forget();

        var added = await cluster.AddPrimaryAsync();
        await LocalRedisCluster.ReshardAsync(first, added, Slots);
        await cluster.IsWellAsync();
        await use.IsUsedOnAsync(20);
        Assert.Contains(added.Address, use.Node.Circuits);
        await LocalRedisCluster.ReshardAsync(added, first, Slots);
        await cluster.RemoveAsync(added);
        await use.IsUsedOnAsync(20);

        // The library follows a redirection once: a call whose slot moves twice meanwhile fails, and its lookup goes to the owner.
        var failed = use.Reads.Values.Sum(reads => reads.Failed) + use.Writes.Values.Sum(writes => writes.Failed);
        Assert.InRange(failed, 0, 10);
        Assert.True(use.Reads.Values.Sum(reads => reads.Served) > 1_000 * failed);
        Assert.Empty(use.States);
    }

    [Fact, Trait("Tier", "All")]
    public async Task Without_most_of_its_shards_the_node_is_down_after_its_patience_and_back_by_itself()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(0, "--cluster-require-full-coverage", "no");
        await using var use = new NodeUse(cluster.ConnectionString, Quick with { FailoverPatience = TimeSpan.FromSeconds(3) }, Keys);
        await use.IsServedAsync();

        await cluster.Servers[1].KillAsync();
        await cluster.Servers[2].KillAsync();
        await use.IsAsync(NodeState.Degraded);
        await use.IsAsync(NodeState.Down);
        await use.IsUsedOnAsync();
        await cluster.Servers[1].StartAgainAsync();
        await cluster.Servers[2].StartAgainAsync();
        await use.IsAsync(NodeState.Up);
        await use.IsServedAsync();

        Assert.Single(use.States, NodeState.Down);
        Assert.Single(use.States, NodeState.Up);
    }

    [Fact]
    public async Task A_purge_empties_every_shard_and_names_the_one_that_is_lost()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(0, "--cluster-require-full-coverage", "no");
        // A busy machine must not exceed the budget.
        await using var node = RedisBackend.CreateNode(cluster.ConnectionString, Quick with { Budget = TimeSpan.FromSeconds(30) });
        string[] braces = ["book::{dune}1", "book::{dune}2", "{", "}{", "{}a", "a}b{c}"];
        string[] keys = [.. Enumerable.Range(0, 300).Select(i => $"book::{i}"), .. braces];
        foreach (var key in keys)
            await node.WriteAsync(Row(key), Minute, overwrite: false, default);
        foreach (var key in keys)
            Assert.NotNull(await node.ReadAsync(key, default));
        var (primary, _) = await cluster.ServersOfAsync("somebody's");
        await primary.AskAsync("set", "somebody's", "1");

        var purge = await node.ClearAsync(default);

        Assert.Equal((keys.Length, 0), (purge.Removed, purge.Problems.Count));
        Assert.Equal("1", await primary.AskAsync("get", "somebody's"));
        foreach (var key in keys)
            await node.WriteAsync(Row(key), Minute, overwrite: false, default);
        var counts = await Task.WhenAll(cluster.Servers.Select(async server =>
            int.Parse(await server.AskAsync("dbsize"), CultureInfo.InvariantCulture)));
        await cluster.Servers[1].KillAsync();
        purge = await node.ClearAsync(default);
        Assert.Contains(cluster.Servers[1].Address, Assert.Single(purge.Problems), StringComparison.Ordinal);
        Assert.Equal(counts[0] + counts[2], purge.Removed + 1);
    }

    private static CachedRow Row(string key) => new(key, new(1, Guid.NewGuid()), Encoding.UTF8.GetBytes("""{"title":"A book"}"""));

    private static void OthersAreUnaffected(NodeUse use, IReadOnlyCollection<string> lost)
    {
        Assert.All(use.Reads.Where(read => !lost.Contains(read.Key)), read => Assert.Equal(0, read.Value.Failed));
        Assert.All(use.Writes.Where(write => !lost.Contains(write.Key)), write => Assert.Equal(0, write.Value.Failed));
    }

    private static async Task<string[]> KeysOfAsync(LocalRedisCluster cluster, RedisProcess primary)
    {
        var keys = new List<string>();
        foreach (var key in Keys)
        {
            if ((await cluster.ServersOfAsync(Prefix + key)).Primary == primary)
                keys.Add(key);
        }

        return [.. keys];
    }
}
