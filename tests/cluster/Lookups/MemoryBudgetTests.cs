using OrleansCache.Tests.Entries;
using OrleansCache.Entries;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Lookups;

[Collection(StoppedClusterCollection.Name)]
public sealed class MemoryBudgetTests(StoppedCluster cluster)
{
    [Fact]
    public async Task More_books_than_there_is_room_for_are_all_answered_within_the_budget_and_evicted_ones_from_Redis()
    {
        var keys = Enumerable.Range(0, 1_000).Select(i => $"budget::{i}").ToArray();
        await cluster.WriteAsync(keys);
        var asia = cluster.SiloOf("asia");
        await EmptyAsync(asia);
        var before = asia.Entries.Statistics();
        // So few at once that the entries evicted for them fit into the reserved sixteenth of the budget: each must be kept.
        foreach (var some in keys.Chunk(25))
        {
            var answers = await Task.WhenAll(some.Select(key => cluster.LookupAsync("asia", key)));
            Assert.Equal(some, answers.Select(answer => answer.Row.Key));
            Assert.InRange(asia.Entries.Statistics().Bytes, 0, asia.Entries.BudgetBytes);
            await Eventually.IsTrueAsync(
                () => asia.Entries.Statistics().Bytes <= asia.Entries.BudgetBytes / 16 * 15,
                "all evicted entries have been released");
        }

        var after = asia.Entries.Statistics();
        Assert.InRange(after.Copies, 400, 500);
        Assert.Equal((keys.Length - after.Copies, 0), (after.Evictions - before.Evictions, after.NotKept - before.NotKept));
        await cluster.RedisHoldsAsync("asia", keys[0]);
        Assert.Equal(Tier.Redis, (await cluster.LookupAsync("asia", keys[0])).Tier);
        foreach (var key in keys)
            await cluster.RedisHoldsAsync("asia", key);
    }

    [Fact]
    public async Task A_burst_of_new_entries_that_outpaces_evictions_leaves_the_budget_in_use()
    {
        var keys = Enumerable.Range(0, 1_000).Select(i => $"budget::crowd {i}").ToArray();
        await cluster.WriteAsync(keys);
        var asia = cluster.SiloOf("asia");
        await EmptyAsync(asia);
        var before = asia.Entries.Statistics();

        await Task.WhenAll(keys.Select(key => cluster.LookupAsync("asia", key)));

        // While evicted entries still take room, a new row may be answered without being kept; but evictions must not be wasted.
        var after = asia.Entries.Statistics();
        Assert.InRange(after.Bytes, 0, asia.Entries.BudgetBytes);
        Assert.InRange(after.Copies, 400, 500);
        Assert.Equal(keys.Length, after.Copies + after.Evictions - before.Evictions + after.NotKept - before.NotKept);
    }

    [Fact]
    public async Task A_load_without_waiting_callers_leaves_no_entry_after_its_grain_was_deactivated()
    {
        var asia = cluster.SiloOf("asia");
        var home = cluster.SiloOf(cluster.Home);
        await cluster.WriteAsync("budget::orphan");
        await cluster.LookupAsync("asia", "budget::orphan");
        await cluster.RedisHoldsAsync("asia", "budget::orphan");
        await cluster.PutIntoRedisAsync("asia", "budget::orphan", null, default);
        using (home.Catalog.Hold())
        {
            using var impatient = new CancellationTokenSource();
            var fresh = cluster.LookupAsync("asia", "budget::orphan", fresh: true, cancellation: impatient.Token);
            await Eventually.IsTrueAsync(() => home.Catalog.Waiting == 1, "the catalog is asked");
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fresh);
            await EvictAllAsync(asia);
        }

        // The load completes now, and writes its row to Redis before the grain continues.
        await cluster.RedisHoldsAsync("asia", "budget::orphan");
        await cluster.LookupAsync("asia", "budget::orphan");

        asia.Entries.Drop(["budget::orphan"]);
        await Eventually.IsTrueAsync(() => asia.Entries.Statistics().Bytes == 0, "no entry is left behind");
    }

    private static async Task EmptyAsync(SiloAccess silo)
    {
        await EvictAllAsync(silo);
        Assert.Equal(0, silo.Entries.Statistics().Bytes);
    }

    private static async Task EvictAllAsync(SiloAccess silo)
    {
        await Eventually.IsTrueAsync(
            () =>
            {
                var others = Enumerable.Range(0, 40).Select(_ => new TestHolder(silo.Entries, Clock.System)).ToArray();
                foreach (var other in others)
                    other.Keep("push", 30_000, TimeSpan.FromHours(1));
                foreach (var other in others)
                    other.Release();
                return silo.Entries.Statistics() is { Copies: 0, Absences: 0 };
            },
            "all entries are evicted");
        await Eventually.IsTrueAsync(() => silo.Entries.Statistics().Bytes == 0, "the grains are deactivated");
    }
}
