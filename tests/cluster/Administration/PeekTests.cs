using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Administration;

/// <summary>Inspecting where a region holds an entry has no side effects.</summary>
[Collection(StoppedClusterCollection.Name)]
public sealed class PeekTests(StoppedCluster cluster)
{
    [Fact]
    public async Task A_book_that_was_never_looked_up_is_held_nowhere_and_is_not_loaded()
    {
        await cluster.WriteAsync("peek::cold");
        var before = await cluster.StatisticsAsync("asia.1");

        var seen = await cluster.Router("asia").PeekAsync("peek::cold");

        Assert.Equal("asia", seen.Region);
        Assert.Equal(new SiloInspection("asia.1", null), Assert.Single(seen.Silos));
        Assert.Equal(new NodeInspection("asia-1", null), seen.Node);
        Assert.Equal(0, cluster.CatalogReadsOf("peek::cold"));
        var after = await cluster.StatisticsAsync("asia.1");
        Assert.Equal((before.NodeReads, before.GrainHits, before.RedisHits), (after.NodeReads, after.GrainHits, after.RedisHits));
    }

    [Fact]
    public async Task An_entry_is_shown_with_its_remaining_lease_and_time_to_live()
    {
        await cluster.WriteAsync("peek::held", "Held");
        var answer = await cluster.LookupAsync("asia", "peek::held");
        await cluster.RedisHoldsAsync("asia", "peek::held");

        var first = (await cluster.Router("asia").PeekAsync("peek::held")).Silos[0];
        RegionInspection later;
        SiloInspection ended;
        // Without its changes the lease is not renewed.
        using (cluster.SiloOf("europe").Catalog.RefuseChanges("not now"))
        {
            cluster.Advance(TimeSpan.FromSeconds(2));
            later = await cluster.Router("asia").PeekAsync("peek::held");
            cluster.Advance(TimeSpan.FromSeconds(10));
            ended = (await cluster.Router("asia").PeekAsync("peek::held")).Silos[0];
        }

        await Eventually.IsTrueAsync(
            async () =>
            {
                cluster.Advance(TimeSpan.FromSeconds(1));
                // What was held must be confirmed: too much time has passed to know what has changed.
                await cluster.LookupAsync("asia", "peek::held");
                return (await cluster.Router("asia").PeekAsync("peek::held")).Silos[0].Lease > TimeSpan.Zero;
            },
            "the lease is renewed again");

        Assert.Equal(answer.Row.Identity, first.Row!.Identity);
        Assert.InRange(first.Lease, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(10));
        Assert.Equal((answer.TimeToLive, 0), (first.TimeToLive, first.Clients));
        var passed = TimeSpan.FromSeconds(2);
        Assert.Equal(first.TimeToLive - passed, later.Silos[0].TimeToLive);
        // A renewal that gives no longer lease has less of it to subtract for clocks that drift.
        var left = first.Lease - passed;
        Assert.InRange(later.Silos[0].Lease, left, left + TimeSpan.FromMilliseconds(20));
        Assert.Equal(answer.Row.Identity, later.Node!.Row!.Identity);
        Assert.True(later.Node.TimeToLive > TimeSpan.Zero);
        Assert.Equal((answer.Row.Identity, TimeSpan.Zero), (ended.Row!.Identity, ended.Lease));
    }

    [Fact]
    public async Task What_the_catalog_holds_is_read_without_a_lease_or_a_copy()
    {
        await cluster.WriteAsync("peek::catalog");

        var seen = await cluster.OwnerOf("peek::catalog").PeekAsync("peek::catalog");

        Assert.Equal((true, 1), (seen.Exists, seen.Identity.Version));
        Assert.Equal(1, cluster.CatalogReadsOf("peek::catalog"));
        Assert.Null(Assert.Single((await cluster.Router("asia").PeekAsync("peek::catalog")).Silos).Row);
        // The owner has not remembered the row.
        Assert.Equal(Tier.Catalog, (await cluster.LookupAsync("asia", "peek::catalog")).Tier);
        Assert.Equal(default, await cluster.OwnerOf("peek::never").PeekAsync("peek::never"));
        await Assert.ThrowsAsync<InvalidKeyException>(() => cluster.OwnerOf("peek::catalog").PeekAsync(""));
    }

    [Fact]
    public async Task An_absence_is_held_too()
    {
        await cluster.LookupAsync("asia", "peek::nothing");

        var silo = Assert.Single((await cluster.Router("asia").PeekAsync("peek::nothing")).Silos);

        Assert.False(silo.Row!.Exists);
    }

    [Fact]
    public async Task An_invalid_key_is_refused() =>
        await Assert.ThrowsAsync<InvalidKeyException>(() => cluster.Router("asia").PeekAsync(""));
}
