using OrleansCache.Entries;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Entries;

public sealed class LeasedEntryTableStressTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_happens_in_which_order_the_budget_holds_and_the_figures_add_up(int seed)
    {
        const long budget = 300_000;
        var random = new Random(seed);
        var clock = new ManualClock();
        await using var table = new LeasedEntryTable(clock, budget, slots: 64);
        var present = new List<TestHolder>();
        for (var step = 0; step < 20_000; step++)
        {
            switch (random.Next(100))
            {
                case < 50:
                    var before = table.Statistics();
                    var holder = new TestHolder(table, clock, releasesAtOnce: random.Next(2) == 0);
                    int? payload = random.Next(10) == 0 ? null : random.Next(20_000);
                    if (holder.Keep($"book {random.Next(50)}", payload, TimeSpan.FromMilliseconds(random.Next(1, 120_000))))
                        present.Add(holder);
                    // Absences make room for each other, too.
                    if (payload is not null && table.Statistics().Evictions > before.Evictions)
                        Assert.True(
                            before.Bytes + TestEntries.OwnBytes + payload.Value + 40 > budget - (budget / 16),
                            "An entry was evicted although there was room.");
                    break;
                case < 75 when present.Count > 0:
                    table.Touch(Any().Kept!);
                    break;
                case < 85 when present.Count > 0:
                    Any().Release();
                    break;
                case < 87:
                    table.Drop([$"book {random.Next(50)}", $"book {random.Next(50)}"]);
                    break;
                case < 95:
                    clock.Advance(TimeSpan.FromMilliseconds(random.Next(3_000)));
                    break;
                default:
                    foreach (var evicted in present.Where(holder => holder.Evictions.Count > 0))
                        evicted.Release();
                    break;
            }

            present.RemoveAll(holder => holder.Kept is null);
            var now = table.Statistics();
            Assert.Equal(present.Sum(holder => holder.Kept!.Bytes), now.Bytes);
            Assert.Equal(present.Count(holder => holder.Evictions.Count == 0), now.Copies + now.Absences);
            Assert.InRange(now.Bytes, 0, budget);
            var absences = present.Where(holder => holder.Evictions.Count == 0 && !holder.Kept!.Row.Exists);
            Assert.InRange(absences.Sum(holder => holder.Kept!.Bytes), 0, budget / 20);
        }

        foreach (var holder in present)
            holder.Release();
        var end = table.Statistics();
        Assert.Equal((0, 0, 0), (end.Copies, end.Absences, end.Bytes));
        Assert.True(end.Evictions > 0 && end.Expirations > 0, "The test has seen neither evictions nor expirations.");

        TestHolder Any() => present[random.Next(present.Count)];
    }

    [Fact]
    public async Task Many_threads_at_once_leave_nothing_behind()
    {
        const long budget = 60_000;
        var clock = new ManualClock();
        await using var table = new LeasedEntryTable(clock, budget, slots: 64);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            var mine = new Queue<CacheEntry>();
            var holder = new Indifferent();
            for (var step = 0; step < 20_000; step++)
            {
                var ends = clock.Now + (long)Minute.TotalMilliseconds;
                var kept = TestEntries.Make(holder, $"book {random.Next(30)}", random.Next(3_000), ends);
                if (table.TryKeep(kept, table.Epoch(kept.Row.Key)))
                    mine.Enqueue(kept);
                foreach (var entry in mine)
                    table.Touch(entry);
                if (mine.Count > random.Next(20))
                    table.Release(mine.Dequeue());
                if (random.Next(50) == 0)
                    table.Drop([$"book {random.Next(30)}"]);
                if (worker == 0 && random.Next(20) == 0)
                    clock.Advance(TimeSpan.FromMilliseconds(100));
                Assert.InRange(table.Statistics().Bytes, 0, budget);
            }

            foreach (var entry in mine)
                table.Release(entry);
        })));

        var end = table.Statistics();
        Assert.Equal((0, 0, 0), (end.Copies, end.Absences, end.Bytes));
        Assert.True(end.Evictions > 0, "The test has not seen an eviction.");
    }

    /// <summary>A holder that releases its entries at random moments.</summary>
    private sealed class Indifferent : IEntryHolder
    {
        public void Evict(CacheEntry entry, EvictionReason reason) => Assert.NotNull(entry);
    }
}
