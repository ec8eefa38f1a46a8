using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Topology;

/// <summary>A region's nodes change while its silos have nothing in memory: what was in Redis is still found there.</summary>
public sealed class ScalingTests(ScalingTests.TwoRegions cluster) : IClassFixture<ScalingTests.TwoRegions>, IAsyncLifetime
{
    // Gives a node 9% of the keys beside one of the default weight.
    private const int Weight = 10;
    private const int Books = 600;

    private RedisServer _added = null!;

    private SiloAccess Asia => cluster.SiloOf("asia");

    public async Task InitializeAsync() => _added = await RedisServer.StartAsync();

    public async Task DisposeAsync() => await _added.DisposeAsync();

    [Fact]
    public async Task Keys_that_a_node_takes_or_leaves_are_read_where_they_were_and_are_on_their_new_node_afterwards()
    {
        string[] keys = [.. Enumerable.Range(0, Books).Select(i => $"scaling::{i}")];
        await WarmAsync(keys);

        await AddAsync();
        var moved = keys.Where(key => Asia.Routes.NodeOf(key)!.Name == "asia-2").ToArray();
        Assert.InRange(moved.Length, Books / 20, Books / 7);
        var before = await cluster.StatisticsAsync("asia.1");
        Assert.All(await LookUpAsync(keys), answer => Assert.Equal((Tier.Redis, LookupFlags.None), (answer.Tier, answer.Flags)));
        var after = await cluster.StatisticsAsync("asia.1");

        Assert.Equal(moved.Length, after.FormerNodeReads - before.FormerNodeReads);
        Assert.Equal(Books + moved.Length, after.NodeReads - before.NodeReads);
        // Once when it was looked up first: the owner knows the rest.
        Assert.All(keys, key => Assert.Equal(1, cluster.CatalogReadsOf(key)));
        await NodesHoldAsync(keys);

        EmptyMemory(keys);
        Assert.All(await LookUpAsync(keys), answer => Assert.Equal(Tier.Redis, answer.Tier));
        Assert.Equal(moved.Length, (await cluster.StatisticsAsync("asia.1")).FormerNodeReads - before.FormerNodeReads);

        // Books that only the node has that is then removed.
        string[] later = [.. Enumerable.Range(0, Books).Select(i => $"scaling::later {i}")];
        await WarmAsync(later);
        var leaving = later.Where(key => Asia.Routes.NodeOf(key)!.Name == "asia-2").ToArray();
        before = await cluster.StatisticsAsync("asia.1");
        await cluster.Router("asia").RemoveNodeAsync("asia-2");

        Assert.All(await LookUpAsync(later), answer => Assert.Equal((Tier.Redis, "asia-1"), (answer.Tier, answer.Node)));
        Assert.Equal(leaving.Length, (await cluster.StatisticsAsync("asia.1")).FormerNodeReads - before.FormerNodeReads);
        await NodesHoldAsync(later);
    }

    [Fact]
    public async Task What_a_former_node_has_is_only_a_hint_and_the_trace_names_the_node()
    {
        string[] keys = [.. Enumerable.Range(0, Books).Select(i => $"scaling::hint {i}")];
        await WarmAsync(keys);
        await AddAsync();
        string[] moved = [.. keys.Where(key => Asia.Routes.NodeOf(key)!.Name == "asia-2").Take(2)];
        await cluster.StoreAsync(moved[0], "Changed");

        var changed = await cluster.LookupAsync("asia", moved[0]);
        var book = cluster.Grains.GetGrain<IBookGrain>(new BookGrainKey("asia", 1, moved[1]).ToString());
        var trace = (await book.TraceAsync(new(), CancellationToken.None)).Trace;

        Assert.Equal("Changed", CacheCluster.TitleOf(changed));
        Assert.Equal(
            [
                (LookupStepResult.Miss, "asia-2", false), (LookupStepResult.Hint, "asia-1", true),
            ],
            trace.Steps.Where(step => step.Tier == Tier.Redis).Select(step => (step.Result, step.Node!, step.IsFormer)));
        await cluster.Router("asia").RemoveNodeAsync("asia-2");
    }

    [Fact]
    public async Task While_the_catalog_is_gone_moved_keys_are_answered_from_their_former_node_and_confirmed_by_what_the_owner_knows()
    {
        string[] keys = [.. Enumerable.Range(0, Books).Select(i => $"scaling::outage {i}")];
        await WarmAsync(keys);
        await AddAsync();
        string[] moved = [.. keys.Where(key => Asia.Routes.NodeOf(key)!.Name == "asia-2").Take(5)];

        using (cluster.SiloOf("europe").Catalog.Refuse("it is gone"))
        using (Asia.Catalog.Refuse("it is gone"))
        {
            Assert.All(
                await LookUpAsync(moved), answer => Assert.Equal((Tier.Redis, LookupFlags.None), (answer.Tier, answer.Flags)));
        }

        await NodesHoldAsync(moved);
        await cluster.Router("asia").RemoveNodeAsync("asia-2");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_purged_does_not_come_back_from_a_former_node(bool everything)
    {
        string[] keys = [.. Enumerable.Range(0, Books).Select(i => $"scaling::purge {everything} {i}")];
        await AddAsync();
        await WarmAsync(keys);
        var moved = keys.First(key => Asia.Routes.NodeOf(key)!.Name == "asia-2");
        await cluster.Router("asia").RemoveNodeAsync("asia-2");

        var purge = await cluster.Router("asia").PurgeAsync(everything ? null : [moved]);

        Assert.Equal(["asia-1", "asia-2"], purge.Nodes.Order(StringComparer.Ordinal));
        Assert.Equal(Tier.Catalog, (await cluster.LookupAsync("asia", moved)).Tier);
    }

    private Task AddAsync() => cluster.Router("asia").AddNodeAsync("asia-2", _added.ConnectionString, Weight);

    /// <summary>Puts books into the nodes of asia, and into no memory.</summary>
    private async Task WarmAsync(string[] keys)
    {
        await cluster.WriteAsync(keys);
        await LookUpAsync(keys);
        await NodesHoldAsync(keys);
        EmptyMemory(keys);
    }

    private void EmptyMemory(string[] keys)
    {
        Asia.Entries.Drop(keys);
        // So long that owners do not know any more what they have read.
        cluster.Advance(TimeSpan.FromSeconds(3));
    }

    private Task<LookupAnswer[]> LookUpAsync(IEnumerable<string> keys) =>
        Task.WhenAll(keys.Select(key => cluster.LookupAsync("asia", key)));

    /// <summary>Waits until each key is on its node: it is written after the answer.</summary>
    private Task NodesHoldAsync(string[] keys) => Eventually.IsTrueAsync(
        async () =>
        {
            var entries = await Task.WhenAll(keys.Select(key => Asia.Routes.NodeOf(key)!.ReadAsync(key, CancellationToken.None).AsTask()));
            return Array.TrueForAll(entries, entry => entry is not null);
        },
        "the nodes hold all books");

    /// <summary>Two regions whose clocks stand still.</summary>
    public sealed class TwoRegions() : CacheCluster(new ClusterShape
    {
        Regions = ["europe", "asia"],
        Silos = ["europe.1", "asia.1"],
        StoppedClocks = true,
        Settings = new Dictionary<string, string>
        {
            ["OwnerPatience"] = "00:00:20",
            ["Node:MaxInFlight"] = "4096",
        },
    }), IAsyncLifetime
    {
        Task IAsyncLifetime.InitializeAsync() => StartAsync();

        Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
    }
}
