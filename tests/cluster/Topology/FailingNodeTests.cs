using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Topology;

/// <summary>A region's Redis is killed or hangs, and recovers.</summary>
public sealed class FailingNodeTests(FailingNodeTests.QuickCluster cluster) : IClassFixture<FailingNodeTests.QuickCluster>
{
    [Fact]
    public async Task When_a_Redis_is_killed_lookups_go_on_it_leaves_the_ring_and_is_back_by_itself()
    {
        await cluster.WriteAsync("failing::warm");
        await cluster.LookupAsync("asia", "failing::warm");
        await cluster.Redis("asia").KillAsync();

        await LookUpUntilAsync("killed", isUp: false);

        Assert.Equal(Tier.Silo, (await cluster.LookupAsync("asia", "failing::warm")).Tier);
        Assert.True(Node(await cluster.Router("europe").GetRingAsync()).IsUp);
        await cluster.Redis("asia").RestartAsync();
        await LookUpUntilAsync("restarted", isUp: true);
        await ServesAgainAsync("failing::after kill");
    }

    [Fact]
    public async Task When_a_Redis_hangs_lookups_go_on_it_leaves_the_ring_and_no_lookup_waits_for_it()
    {
        await cluster.Redis("asia").PauseAsync();
        try
        {
            await LookUpUntilAsync("hung", isUp: false);
            var reads = cluster.SiloOf("asia").Counters.NodeReads;
            await LookUpAsync("without node");
            Assert.Equal(reads, cluster.SiloOf("asia").Counters.NodeReads);
        }
        finally
        {
            await cluster.Redis("asia").ResumeAsync();
        }

        await LookUpUntilAsync("resumed", isUp: true);
        await ServesAgainAsync("failing::after hang");
    }

    [Fact]
    public async Task A_node_that_was_removed_while_it_was_down_may_come_back_under_its_name()
    {
        await using var extra = await RedisServer.StartAsync();
        var router = cluster.Router("europe");
        await router.AddNodeAsync("europe-2", extra.ConnectionString, 1_000);
        await extra.KillAsync();
        await Eventually.IsTrueAsync(
            async () =>
            {
                await cluster.LookupAsync("europe", $"failing::{Guid.NewGuid()}");
                return !(await router.GetRingAsync()).Nodes.Single(node => node.Name == "europe-2").IsUp;
            },
            "the node is off the ring");
        await router.RemoveNodeAsync("europe-2");
        await extra.RestartAsync();

        var added = await router.AddNodeAsync("europe-2", extra.ConnectionString, 1_000);

        Assert.True(added.Nodes.Single(node => node.Name == "europe-2").IsUp);
        await Eventually.IsTrueAsync(
            async () => (await cluster.LookupAsync("europe", $"failing::{Guid.NewGuid()}")).Node == "europe-2", "lookups use the node");
        Assert.Empty(cluster.SiloOf("europe").Routes.Troubles());
        await router.RemoveNodeAsync("europe-2");
    }

    [Fact]
    public async Task A_node_that_is_added_says_at_once_how_it_is_and_one_that_refuses_writes_stays_on_the_ring()
    {
        await using var replica = await RedisProcess.StartAsync("--replicaof", "127.0.0.1 1");
        var router = cluster.Router("europe");

        var gone = (await router.AddNodeAsync("europe-3", "127.0.0.1:1", 100)).Nodes.Single(node => node.Name == "europe-3");
        await router.RemoveNodeAsync("europe-3");
        var ring = await router.AddNodeAsync("europe-4", replica.Address, 1_000);

        Assert.Equal((NodeState.Down, false), (gone.State, gone.IsUp));
        // A busy machine may not even have tried to connect in time.
        Assert.Matches("connect|respond", gone.Reason);
        for (var i = 0; i < 100; i++)
        {
            var key = $"failing::replica {i}";
            await cluster.WriteAsync(key);
            Assert.Equal(LookupFlags.None, (await cluster.LookupAsync("europe", key)).Flags);
        }

        var after = await router.GetRingAsync();
        Assert.Equal(ring.Version, after.Version);
        foreach (var node in new[] { ring, after }.Select(now => now.Nodes.Single(node => node.Name == "europe-4")))
        {
            Assert.Equal((NodeState.Degraded, true), (node.State, node.IsUp));
            Assert.Contains("READONLY", node.Reason, StringComparison.Ordinal);
        }

        var trouble = Assert.Single((await cluster.StatisticsAsync("europe.1")).NodeTroubles);
        Assert.Equal(("europe-4", NodeState.Degraded), (trouble.Name, trouble.State));
        await replica.AskAsync("replicaof", "no", "one");
        await Eventually.IsTrueAsync(
            async () => (await router.GetRingAsync()).Nodes.Single(node => node.Name == "europe-4").State == NodeState.Up, "it is up");
        await router.RemoveNodeAsync("europe-4");
    }

    private static RingNode Node(RegionRing ring) => ring.Nodes.Single(node => node.Name == $"{ring.Region}-1");

    private async Task LookUpUntilAsync(string what, bool isUp) => await Eventually.IsTrueAsync(
        async () =>
        {
            await LookUpAsync(what);
            return Node(await cluster.Router("asia").GetRingAsync()).IsUp == isUp;
        },
        $"asia's node is {(isUp ? "on" : "off")} the ring");

    /// <summary>Looks a cold book up, which must succeed whatever the state of the node.</summary>
    private async Task LookUpAsync(string what)
    {
        var key = $"failing::{what} {Guid.NewGuid()}";
        await cluster.WriteAsync(key, what);
        // The node's budget is a quarter of a second; the bound allows for a busy machine.
        var answer = await cluster.LookupAsync("asia", key).WaitAsync(Eventually.Bound);
        Assert.Equal((what, LookupFlags.None), (CacheCluster.TitleOf(answer), answer.Flags));
    }

    private async Task ServesAgainAsync(string key)
    {
        await cluster.WriteAsync(key);
        await Eventually.IsTrueAsync(
            async () =>
            {
                cluster.SiloOf("asia").Entries.Drop([key]);
                return (await cluster.LookupAsync("asia", key)).Tier is Tier.Redis;
            },
            "the node answers lookups again");
    }

    /// <summary>Two regions that detect failures and recoveries of their nodes quickly.</summary>
    public sealed class QuickCluster() : CacheCluster(new ClusterShape
    {
        Regions = ["europe", "asia"],
        Silos = ["europe.1", "asia.1"],
        Settings = ClusterShape.QuickNodes(),
    }), IAsyncLifetime
    {
        Task IAsyncLifetime.InitializeAsync() => StartAsync();

        Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
    }
}
