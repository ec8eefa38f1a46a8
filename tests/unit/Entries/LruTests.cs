using OrleansCache.Entries;
using OrleansCache.TestSupport;
using Xunit.Abstractions;

namespace OrleansCache.Tests.Entries;

public sealed class LruTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Long = TimeSpan.FromDays(300);

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    [InlineData(20)]
    public async Task The_hit_ratio_is_within_half_a_point_of_exact_LRU(int lookupsPerTick)
    {
        const int books = 30_000;
        const int room = books / 10;
        const int payload = 602; // Makes an entry's bytes divisible by three, so that the room is exactly that of the oracle.
        const int bytes = TestEntries.OwnBytes + (4 * 8) + payload;
        var clock = new ManualClock();
        // A sixteenth of the budget is reserved for entries that are being released.
        await using var table = new LeasedEntryTable(clock, room * (long)bytes / 15 * 16, slots: 64);
        var holders = Enumerable.Range(0, books).Select(_ => new TestHolder(table, clock)).ToArray();
        var keys = Enumerable.Range(0, books).Select(i => i.ToString("00000000")).ToArray();
        var exact = new ExactLru(room);
        var sampler = new ZipfSampler(books, 0.9, seed: 20_260_101);
        var (lookups, hits, exactHits) = (0, 0, 0);
        while (++lookups <= 300_000)
        {
            var book = sampler.Next();
            if (exact.Use(book))
                exactHits++;
            if (holders[book].Kept is { } kept)
            {
                table.Touch(kept);
                hits++;
            }
            else
            {
                Assert.True(holders[book].Keep(keys[book], payload, Long));
            }

            if (lookupsPerTick > 0 && lookups % lookupsPerTick == 0)
                clock.Advance(TimeSpan.FromMilliseconds(ExpiryIndex.Tick));
        }

        var (ours, best) = (hits / 3_000.0, exactHits / 3_000.0);
        output.WriteLine(
            $"hit ratio {ours:0.00}%, exact LRU {best:0.00}% (Zipf 0.9, {books:N0} books, room for {table.Statistics().Copies:N0}, " +
            $"one more generation per {lookupsPerTick:N0} lookups)");
        Assert.InRange(table.Statistics().Copies, room - 1, room);
        Assert.InRange(ours, best - 0.5, best + 0.5);
        Assert.InRange(best, 20, 90);
    }

    [Fact]
    public async Task An_entry_in_use_outlives_those_that_are_not()
    {
        var clock = new ManualClock();
        await using var table = new LeasedEntryTable(clock, 100 * 3_000, slots: 64);
        var used = new TestHolder(table, clock);
        Assert.True(used.Keep("used", 0, Long));

        for (var i = 0; i < 10_000; i++)
        {
            table.Touch(used.Kept!);
            Assert.True(new TestHolder(table, clock).Keep($"{i}", 0, Long));
        }

        Assert.Empty(used.Evictions);
        Assert.NotNull(used.Kept);
    }

    [Fact]
    public async Task After_hours_without_admissions_the_order_of_use_still_decides()
    {
        var clock = new ManualClock();
        await using var table = new LeasedEntryTable(clock, 200_000, slots: 64);
        var old = new TestHolder(table, clock);
        var used = new TestHolder(table, clock);
        Assert.True(old.Keep("a", 0, Long));
        Assert.True(used.Keep("b", 0, Long));
        clock.Advance(TimeSpan.FromMinutes(20));
        table.Touch(used.Kept!);
        clock.Advance(TimeSpan.FromMinutes(20));

        // There is room for about ninety: the next hundred evict the old entry, but not the one that was used later.
        var others = 0;
        while (old.Kept is not null)
        {
            Assert.True(new TestHolder(table, clock).Keep($"{others++}", 0, Long));
            Assert.InRange(others, 1, 200);
        }

        Assert.Equal([EvictionReason.LeastRecentlyUsed], old.Evictions);
        Assert.NotNull(used.Kept);
    }

    [Fact]
    public async Task A_touch_takes_no_lock()
    {
        var clock = new ManualClock();
        await using var table = new LeasedEntryTable(clock, 1_000_000, slots: 64);
        var holder = new TestHolder(table, clock);
        Assert.True(holder.Keep("a", 0, Long));
        using var inside = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);

        // The table takes its lock before it enumerates the keys, so this holds the lock until the test continues.
        var revoking = Task.Run(() => table.Drop(HoldLock()));
        await inside.WaitAsync();
        table.Touch(holder.Kept!);
        Assert.False(revoking.IsCompleted);
        goOn.Release();
        await revoking;

        IEnumerable<string> HoldLock()
        {
            inside.Release();
            goOn.Wait();
            yield return "b";
        }
    }
}
