using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;
using OrleansCache.Topology;

namespace OrleansCache.Tests.Topology;

/// <summary>The routers of a cluster that the tests share: each test removes the nodes that it added.</summary>
[Collection(StoppedClusterCollection.Name)]
public sealed class RouterTests(StoppedCluster cluster)
{
    [Fact]
    public async Task The_ring_of_a_region_has_its_configured_nodes()
    {
        var ring = await cluster.Router("asia").GetRingAsync();

        Assert.Equal("asia", ring.Region);
        Assert.Equal(new RingNode("asia-1", cluster.Redis("asia").ConnectionString, 100, IsUp: true, Share: 1), Assert.Single(ring.Nodes));
    }

    [Fact]
    public async Task A_node_that_is_added_takes_its_keys_and_every_silo_of_the_region_knows_at_once()
    {
        var elsewhere = await cluster.Router("europe").GetRingAsync();
        var before = await cluster.Router("asia").GetRingAsync();

        var after = await cluster.Router("asia").AddNodeAsync("asia-2", "memory:router-added", 50);

        Assert.True(after.Version > before.Version);
        Assert.Equal(["asia-1", "asia-2"], after.Nodes.Select(node => node.Name));
        Assert.Equal(1.0 / 3, after.Nodes[1].Share, tolerance: 0.03);
        Assert.Equal(after.Version, (await cluster.StatisticsAsync("asia.1")).RingVersion);
        Assert.Equal(after.Version, (await cluster.Router("asia").GetRingAsync()).Version);
        Assert.Equal(elsewhere.Version, (await cluster.Router("europe").GetRingAsync()).Version);
        var ring = HashRing.Create(0, [new("asia-1"), new("asia-2", 50)]);
        foreach (var key in Enumerable.Range(0, 20).Select(i => $"router::{i}"))
        {
            await cluster.WriteAsync(key);
            Assert.Equal(ring.MemberOf(key), (await cluster.LookupAsync("asia", key)).Node);
        }

        var removed = await cluster.Router("asia").RemoveNodeAsync("asia-2");
        Assert.True(removed.Version > after.Version);
        Assert.Equal(removed.Version, (await cluster.StatisticsAsync("asia.1")).RingVersion);
        Assert.Equal("asia-1", Assert.Single(removed.Nodes).Name);
    }

    [Fact]
    public async Task A_node_with_a_higher_weight_gets_more_keys()
    {
        var router = cluster.Router("northamerica");
        await router.AddNodeAsync("northamerica-2", "memory:router-weighed", 100);

        var ring = await router.SetNodeWeightAsync("northamerica-2", 300);

        Assert.Equal((300, 0.75), (ring.Nodes[1].Weight, Math.Round(ring.Nodes[1].Share / 0.05) * 0.05));
        Assert.Equal(ring.Version, (await cluster.StatisticsAsync("northamerica.1")).RingVersion);
        await router.RemoveNodeAsync("northamerica-2");
    }

    public static TheoryData<string, string, int, string> BadNodes => new()
    {
        { "asia-1", "memory:other", 100, "\"asia-1\"" },
        { "Asia 2", "memory:other", 100, "\"Asia 2\"" },
        { "", "memory:other", 100, "\"\"" },
        { "asia-2", "memory:other", 0, "weight 0" },
        { "asia-2", "memory:other", 1_001, "weight 1001" },
        { "asia-2", "", 100, "empty" },
        { "asia-2", "memory:", 100, "name" },
        { "asia-2", "localhost:6379,nonsense=1", 100, "Part 2" },
    };

    [Theory]
    [MemberData(nameof(BadNodes))]
    public async Task An_invalid_node_is_refused_and_nothing_changes(string name, string connection, int weight, string reason)
    {
        var before = await cluster.Router("asia").GetRingAsync();

        var error = await Assert.ThrowsAsync<InvalidTopologyException>(() => cluster.Router("asia").AddNodeAsync(name, connection, weight));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        await NothingChangedSinceAsync(before);
    }

    [Fact]
    public async Task An_unknown_node_is_neither_removed_nor_weighted()
    {
        var before = await cluster.Router("asia").GetRingAsync();

        var router = cluster.Router("asia");
        foreach (var change in new Func<Task>[] { () => router.RemoveNodeAsync("asia-9"), () => router.SetNodeWeightAsync("asia-9", 50) })
        {
            var error = await Assert.ThrowsAsync<InvalidTopologyException>(change);
            Assert.Contains("\"asia-9\"", error.Message, StringComparison.Ordinal);
            Assert.Contains("asia-1", error.Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<InvalidTopologyException>(() => cluster.Router("asia").SetNodeWeightAsync("asia-1", -5));
        await NothingChangedSinceAsync(before);
    }

    [Fact]
    public async Task A_region_without_any_node_answers_from_the_catalog_and_from_memory()
    {
        var router = cluster.Router("northamerica");
        await cluster.WriteAsync("router::no node");
        await router.RemoveNodeAsync("northamerica-1");

        var cold = await cluster.LookupAsync("northamerica", "router::no node");
        var warm = await cluster.LookupAsync("northamerica", "router::no node");

        Assert.Equal((Tier.Catalog, null, LookupFlags.None), (cold.Tier, cold.Node, cold.Flags));
        Assert.Equal((Tier.Silo, null), (warm.Tier, warm.Node));
        await router.AddNodeAsync("northamerica-1", cluster.Redis("northamerica").ConnectionString, 100);
    }

    [Fact]
    public async Task While_the_router_is_busy_lookups_of_all_tiers_go_on()
    {
        string[] keys = ["router::busy memory", "router::busy redis", "router::busy cold", "router::busy cold too"];
        await cluster.WriteAsync(keys);
        var asia = cluster.SiloOf("asia");
        foreach (var key in keys[..2])
        {
            await cluster.LookupAsync("asia", key);
            await cluster.RedisHoldsAsync("asia", key);
        }

        asia.Entries.Drop([keys[1]]);
        Task<RegionRing> change;
        using (asia.Catalog.Hold())
        {
            change = cluster.Router("asia").AddNodeAsync("asia-3", "memory:router-busy", 100);
            await Eventually.IsTrueAsync(() => asia.Catalog.Waiting == 1, "the router waits for the catalog");
            var ring = cluster.Router("asia").GetRingAsync();

            Assert.Equal(Tier.Silo, (await cluster.LookupAsync("asia", keys[0])).Tier);
            Assert.Equal(Tier.Redis, (await cluster.LookupAsync("asia", keys[1])).Tier);
            Assert.Equal(Tier.Catalog, (await cluster.LookupAsync("asia", keys[2])).Tier);
            await cluster.LookupAsync("europe", keys[3]);
            Assert.Equal(Tier.Owner, (await cluster.LookupAsync("asia", keys[3])).Tier);
            Assert.Equal(EditOutcome.Updated, await cluster.StoreAsync(keys[0], "Changed meanwhile"));
            Assert.Equal("Changed meanwhile", CacheCluster.TitleOf(await cluster.LookupAsync("asia", keys[0])));
            Assert.False(change.IsCompleted || ring.IsCompleted);
        }

        Assert.Contains("asia-3", (await change).Nodes.Select(node => node.Name));
        await cluster.Router("asia").RemoveNodeAsync("asia-3");
    }

    [Fact]
    public async Task A_change_that_the_catalog_refuses_is_not_made()
    {
        var before = await cluster.Router("asia").GetRingAsync();
        using (cluster.SiloOf("asia").Catalog.Refuse("the disk is full"))
        {
            var error = await Assert.ThrowsAsync<CatalogUnavailableException>(
                () => cluster.Router("asia").AddNodeAsync("asia-4", "memory:router-refused", 100));
            Assert.Contains("the disk is full", error.Message, StringComparison.Ordinal);
        }

        await NothingChangedSinceAsync(before);
    }

    [Fact]
    public async Task A_change_that_the_catalog_does_not_answer_fails_after_five_seconds()
    {
        var before = await cluster.Router("asia").GetRingAsync();
        var asia = cluster.SiloOf("asia");
        using (asia.Catalog.Hold())
        {
            var change = cluster.Router("asia").AddNodeAsync("asia-5", "memory:router-silent", 100);
            await Eventually.IsTrueAsync(() => asia.Catalog.Waiting == 1, "the router waits for the catalog");
            asia.Clock.Advance(TimeSpan.FromSeconds(5));

            var error = await Assert.ThrowsAsync<CatalogUnavailableException>(() => change);
            Assert.Contains("within 5 s", error.Message, StringComparison.Ordinal);
        }

        // A node that was being pinged when the clock jumped may be off the ring for a moment, which creates another version.
        var now = await cluster.Router("asia").GetRingAsync();
        Assert.Equal(before.Nodes.Select(node => node.Name), now.Nodes.Select(node => node.Name));
    }

    [Fact]
    public async Task A_change_in_the_catalog_that_the_router_did_not_make_is_kept()
    {
        var stored = await cluster.Catalog.ReadTopologyAsync("europe", CancellationToken.None);
        var version = stored?.Version ?? 0;
        var own = cluster.Redis("europe").ConnectionString;
        Assert.True(await cluster.Catalog.WriteTopologyAsync(
            "europe", new(version + 1, [new("europe-1", own), new("europe-behind", "memory:router-behind")]), CancellationToken.None));

        var ring = await cluster.Router("europe").AddNodeAsync("europe-own", "memory:router-own", 100);

        Assert.Equal(["europe-1", "europe-behind", "europe-own"], ring.Nodes.Select(node => node.Name));
        await cluster.Router("europe").RemoveNodeAsync("europe-own");
        await cluster.Router("europe").RemoveNodeAsync("europe-behind");
    }

    [Fact]
    public async Task A_node_that_most_silos_cannot_reach_stays_off_the_ring_although_its_router_can()
    {
        var router = cluster.Router("asia");
        var reports = cluster.SiloOf("asia").Grains.GetGrain<IRingSource>("asia");
        await router.AddNodeAsync("asia-6", "memory:router-reported", 100);
        await reports.ReportAsync("asia.2", [Down("asia-1"), Down("asia-6")]);
        Assert.Equal([false, false], (await router.GetRingAsync()).Nodes.Select(node => node.IsUp));
        var down = (await router.GetRingAsync()).Nodes[1];
        Assert.Equal((NodeState.Down, "LOADING"), (down.State, down.Reason));

        // Both nodes serve the router's probes; the one that silos no longer report is back after two of them.
        await reports.ReportAsync("asia.2", [Down("asia-1")]);
        await Eventually.IsTrueAsync(async () => (await router.GetRingAsync()).Nodes[1].IsUp, "asia-6 is back");
        Assert.False((await router.GetRingAsync()).Nodes[0].IsUp);

        await reports.ReportAsync("asia.2", []);
        await Eventually.IsTrueAsync(async () => (await router.GetRingAsync()).Nodes[0].IsUp, "asia-1 is back");
        await router.RemoveNodeAsync("asia-6");

        static NodeTrouble Down(string node) => new(node, NodeState.Down, "LOADING");
    }

    [Fact]
    public async Task A_node_that_is_used_in_part_stays_on_the_ring_and_the_ring_says_why()
    {
        var reports = cluster.SiloOf("asia").Grains.GetGrain<IRingSource>("asia");
        var before = await cluster.Router("asia").GetRingAsync();

        await reports.ReportAsync("asia.2", [new("asia-1", NodeState.Degraded, "no writes: READONLY")]);

        var ring = await cluster.Router("asia").GetRingAsync();
        Assert.Equal(before.Version, ring.Version);
        var node = ring.Nodes[0];
        Assert.Equal((true, NodeState.Degraded, "no writes: READONLY"), (node.IsUp, node.State, node.Reason));
        await reports.ReportAsync("asia.2", []);
        var up = (await cluster.Router("asia").GetRingAsync()).Nodes[0];
        Assert.Equal((NodeState.Up, null), (up.State, up.Reason));
    }

    private async Task NothingChangedSinceAsync(RegionRing before)
    {
        var now = await cluster.Router(before.Region).GetRingAsync();
        Assert.Equal(before.Version, now.Version);
        Assert.Equal(before.Nodes.AsEnumerable(), now.Nodes.AsEnumerable());
    }
}
