using OrleansCache.Client;

namespace OrleansCache.Tests.Client.NearCaches;

/// <summary>Lookups that the near cache answers.</summary>
public sealed class HitTests
{
    [Fact]
    public async Task The_second_lookup_is_answered_without_a_message()
    {
        await using var scene = await ClientScene.JoinedAsync();

        var first = await scene.GetAsync();
        var second = await scene.GetAsync();

        Assert.Equal((Tier.Silo, 7), (first.Tier, first.Version));
        Assert.Equal((Tier.Near, 7, "1984", true), (second.Tier, second.Version, second.Book!.Title, second.Found));
        Assert.Equal(("europe", "europe-1", LookupFlags.None, TimeSpan.Zero), (second.Region, second.Node, second.Flags, second.Elapsed));
        Assert.Empty(second.FailedAttempts);
        Assert.Equal(1, scene.Asked);
        Assert.Equal(scene.Near.Client, Assert.Single(scene.Cluster.Lookups).Options.Client);
    }

    [Fact]
    public async Task A_hit_allocates_nothing()
    {
        await using var scene = await ClientScene.JoinedAsync();
        var (cache, options) = (scene.Cache, new GetOptions { Region = "europe", AtLeast = 7 });
        await scene.GetAsync();
        Assert.True(Look(1_000));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var isHit = Look(100_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(isHit);
        Assert.Equal(0, allocated);

        bool Look(int times)
        {
            for (var i = 0; i < times; i++)
            {
                var lookup = cache.GetAsync(ClientScene.Key, options);
                if (!lookup.IsCompletedSuccessfully || lookup.Result.Tier != Tier.Near || lookup.Result.Book is null)
                    return false;
            }

            return true;
        }
    }

    [Fact]
    public async Task That_there_is_no_such_book_is_kept_too()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.Remove("book::removed", 3);

        await scene.GetAsync("book::never");
        await scene.GetAsync("book::removed");
        var (never, removed) = (await scene.GetAsync("book::never"), await scene.GetAsync("book::removed"));

        Assert.Equal((Tier.Near, Tier.Near), (never.Tier, removed.Tier));
        Assert.Equal((false, 0, false, 0), (never.Found, never.Version, removed.Found, removed.Version));
        Assert.Null(removed.Book);
        Assert.Equal(2, scene.Asked);
    }

    [Fact]
    public async Task Its_ages_are_those_of_the_moment_in_which_they_are_read()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        var result = await scene.GetAsync();

        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)), (result.Age, result.TimeToLive));
        scene.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(4)), (result.Age, result.TimeToLive));
    }

    [Fact]
    public async Task A_fresh_lookup_asks_and_replaces_what_is_kept()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        scene.Cluster.Put(ClientScene.Key, 8);

        var fresh = await scene.GetAsync(options: new() { Region = "europe", Fresh = true });

        Assert.Equal((8, 2), (fresh.Version, scene.Asked));
        Assert.True(scene.Cluster.Lookups.Last().Options.Fresh);
        Assert.Equal((8, Tier.Near), ((await scene.GetAsync()).Version, (await scene.GetAsync()).Tier));
    }

    [Fact]
    public async Task A_region_that_is_not_configured_is_an_error_although_the_book_is_kept()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();

        await Assert.ThrowsAsync<UnknownRegionException>(() => scene.GetAsync(options: new() { Region = "mars" }));
        await Assert.ThrowsAsync<InvalidKeyException>(() => scene.GetAsync(null!));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.GetAsync(cancellation: new(canceled: true)));
    }

    [Fact]
    public async Task What_no_lease_came_with_is_not_kept()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.Lease = TimeSpan.Zero;

        await scene.GetAsync();

        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
        Assert.Equal(2, scene.Asked);
    }

    [Fact]
    public async Task A_flagged_answer_is_not_kept()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.OnLookup = (key, options, _) => new(scene.Cluster.Answer(key, options) with { Flags = LookupFlags.Stale });

        await scene.GetAsync();

        Assert.Equal((LookupFlags.Stale, 2), ((await scene.GetAsync()).Flags, scene.Asked));
    }

    [Fact]
    public async Task What_is_kept_stays_within_its_budget()
    {
        await using var scene = await ClientScene.JoinedAsync(options => options.NearCacheBytes = 64 * 1024);
        for (var i = 0; i < 200; i++)
        {
            scene.Cluster.Put($"book::{i}", 1, description: new string('x', 600));
            await scene.GetAsync($"book::{i}");
            _ = (await scene.GetAsync($"book::{i}")).Book;
        }

        var held = scene.Near.Statistics;
        Assert.InRange(held.Bytes, 32 * 1024, 64 * 1024);
        Assert.InRange(held.Evictions, 150, 200);
        Assert.Equal(Tier.Near, (await scene.GetAsync("book::199")).Tier);
        Assert.Equal(Tier.Silo, (await scene.GetAsync("book::0")).Tier);
    }

    [Fact]
    public async Task A_decoded_book_counts()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        var kept = scene.Near.Statistics.Bytes;

        var result = await scene.GetAsync();

        Assert.Equal(kept, scene.Near.Statistics.Bytes);
        Assert.Same(result.Book, (await scene.GetAsync()).Book);
        Assert.InRange(scene.Near.Statistics.Bytes, kept + 100, kept + 300);
    }
}
