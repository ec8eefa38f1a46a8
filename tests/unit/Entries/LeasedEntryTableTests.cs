using OrleansCache.Entries;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Entries;

public sealed class LeasedEntryTableTests : IAsyncLifetime
{
    private const long Budget = 160_000;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualClock _clock = new();
    private readonly LeasedEntryTable _table;

    public LeasedEntryTableTests() => _table = new(_clock, Budget, slots: 64);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _table.DisposeAsync().AsTask();

    [Fact]
    public void It_counts_entries_absences_and_their_bytes()
    {
        var book = Holder();
        var absence = Holder();
        Assert.True(book.Keep("abcd", 500, Minute));
        Assert.True(absence.Keep("abcdefgh", null, Minute));

        Assert.Equal(new EntryTableStatistics(1, 1, (2 * TestEntries.OwnBytes) + 500 + (4 * 12), 0, 0, 0), _table.Statistics());
        book.Release();
        Assert.Equal(new EntryTableStatistics(0, 1, TestEntries.OwnBytes + (4 * 8), 0, 0, 0), _table.Statistics());
        absence.Release();
        Assert.Equal(default, _table.Statistics());
    }

    [Fact]
    public void Releasing_an_entry_twice_releases_it_once()
    {
        var holder = Holder();
        Assert.True(holder.Keep("a", 10, Minute));
        var entry = holder.Kept!;

        _table.Release(entry);
        _table.Release(entry);

        Assert.Equal(default, _table.Statistics());
    }

    [Fact]
    public void While_there_is_room_nothing_is_evicted()
    {
        var kept = 0;
        while ((kept + 1) * (TestEntries.OwnBytes + 20L + 100) <= Budget - (Budget / 16))
            Assert.True(Holder().Keep($"{kept++:00000}", 100, Minute));

        Assert.Equal(kept, _table.Statistics().Copies);
        Assert.Equal(0, _table.Statistics().Evictions);
        Assert.True(Holder().Keep("one more", 100, Minute));
        Assert.Equal((kept, 1), ((int)_table.Statistics().Copies, (int)_table.Statistics().Evictions));
    }

    [Fact]
    public void An_evicted_entry_is_not_used_and_counts_until_it_is_released()
    {
        var slow = Holder(releasesAtOnce: false);
        Assert.True(slow.Keep("slow", 100, Minute));
        var bytes = _table.Statistics().Bytes;
        Assert.True(_clock.Now < slow.Kept!.UsableUntil);

        _table.Drop(["slow"]);

        Assert.Equal([EvictionReason.Revoked], slow.Evictions);
        Assert.False(_clock.Now < slow.Kept.UsableUntil);
        Assert.Equal((0, bytes), (_table.Statistics().Copies, _table.Statistics().Bytes));
        slow.Release();
        Assert.Equal(0, _table.Statistics().Bytes);
    }

    [Fact]
    public void While_evicted_entries_are_not_released_new_rows_are_not_kept_and_the_budget_holds()
    {
        var holders = new List<TestHolder>();
        for (var i = 0; i < 500; i++)
        {
            var holder = Holder(releasesAtOnce: false);
            if (holder.Keep($"{i}", 100, Minute))
                holders.Add(holder);
            Assert.InRange(_table.Statistics().Bytes, 0, Budget);
        }

        var full = _table.Statistics();
        Assert.Equal(500 - holders.Count, full.NotKept);
        Assert.NotEqual(0, full.NotKept);
        Assert.Equal(holders.Count(holder => holder.Evictions.Count > 0), full.Evictions);
        foreach (var leaving in holders.Where(holder => holder.Evictions.Count > 0))
            leaving.Release();
        Assert.True(Holder().Keep("now there is room", 100, Minute));
    }

    [Fact]
    public void An_entry_larger_than_the_budget_is_not_kept_and_evicts_nothing()
    {
        var small = Holder();
        Assert.True(small.Keep("small", 100, Minute));

        Assert.False(Holder().Keep("large", (int)Budget, Minute));

        Assert.Empty(small.Evictions);
        Assert.Equal((1, 1, 0), ((int)_table.Statistics().Copies, (int)_table.Statistics().NotKept, (int)_table.Statistics().Evictions));
    }

    [Fact]
    public void A_revocation_reaches_every_holder_of_its_books_and_no_other()
    {
        var first = Holder();
        var second = Holder();
        var other = Holder();
        Assert.True(first.Keep("book", 1, Minute));
        Assert.True(second.Keep("book", 1, Minute));
        Assert.True(other.Keep("other", 1, Minute));

        _table.Drop(["book", "book", "unknown"]);

        Assert.Equal([EvictionReason.Revoked], first.Evictions);
        Assert.Equal([EvictionReason.Revoked], second.Evictions);
        Assert.Empty(other.Evictions);
        Assert.Equal(1, _table.Statistics().Copies);
    }

    [Fact]
    public void Several_holders_of_a_book_are_released_independently()
    {
        var holders = Enumerable.Range(0, 4).Select(_ => Holder()).ToArray();
        foreach (var holder in holders)
            Assert.True(holder.Keep("book", 1, Minute));

        holders[1].Release();
        holders[3].Release();
        _table.Drop(["book"]);

        Assert.Equal([1, 0, 1, 0], holders.Select(holder => holder.Evictions.Count));
        Assert.Equal(default, _table.Statistics());
    }

    [Fact]
    public void A_row_loaded_across_a_revocation_is_not_kept()
    {
        var before = _table.Epoch("book");
        _table.Drop(["book"]);

        Assert.False(Holder().Keep("book", 1, Minute, before));
        Assert.True(Holder().Keep("book", 1, Minute, _table.Epoch("book")));
        Assert.Equal(0, _table.Statistics().NotKept);
    }

    [Fact]
    public void An_expired_entry_is_not_used_even_before_the_sweep()
    {
        var holder = Holder();
        Assert.True(holder.Keep("book", 1, TimeSpan.FromMilliseconds(50)));

        _clock.Advance(TimeSpan.FromMilliseconds(50));

        Assert.Empty(holder.Evictions);
        Assert.False(_clock.Now < holder.Kept!.UsableUntil);
    }

    [Fact]
    public async Task Every_entry_is_evicted_at_most_a_tick_after_its_expiry_and_never_before()
    {
        await using var roomy = new LeasedEntryTable(_clock, 1_000_000_000, slots: 64);
        var random = new Random(7);
        var late = new List<long>();
        const int entries = 20_000;
        for (var i = 0; i < entries; i++)
        {
            // From a millisecond to three hours, each order of magnitude equally often.
            var life = TimeSpan.FromMilliseconds(Math.Pow(10, random.NextDouble() * Math.Log10(10_800_000)));
            var holder = new TestHolder(roomy, _clock) { OnEvict = entry => late.Add(_clock.Now - entry.Due) };
            Assert.True(holder.Keep($"{i}", 1, life));
            if (i % 100 == 0)
                _clock.Advance(TimeSpan.FromMilliseconds(random.Next(250)));
        }

        _clock.Advance(TimeSpan.FromHours(3) + TimeSpan.FromMilliseconds(2 * ExpiryIndex.Tick));

        Assert.Equal(entries, late.Count);
        Assert.All(late, time => Assert.InRange(time, 0, ExpiryIndex.Tick));
        Assert.Equal(new EntryTableStatistics(0, 0, 0, 0, entries, 0), roomy.Statistics());
    }

    private TestHolder Holder(bool releasesAtOnce = true) => new(_table, _clock, releasesAtOnce);
}
