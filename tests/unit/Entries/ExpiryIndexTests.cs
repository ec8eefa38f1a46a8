using OrleansCache.Entries;

namespace OrleansCache.Tests.Entries;

public sealed class ExpiryIndexTests
{
    private const long Start = 5_000_000;

    [Fact]
    public void An_entry_is_found_in_the_tick_after_it_is_due()
    {
        var index = new ExpiryIndex(Start);
        var entry = Entry(Start + 250);
        index.Add(entry);

        Assert.Empty(Collect(index, Start + 200));
        Assert.Equal([entry], Collect(index, Start + 300));
    }

    [Fact]
    public void An_entry_of_a_later_round_stays()
    {
        const long round = 2048 * ExpiryIndex.Tick;
        var index = new ExpiryIndex(Start);
        var soon = Entry(Start + 50);
        var later = Entry(Start + 50 + round);
        index.Add(later);
        index.Add(soon);

        Assert.Equal([soon], Collect(index, Start + 100));
        Assert.Empty(Collect(index, Start + round));
        Assert.Equal([later], Collect(index, Start + 100 + round));
    }

    [Theory]
    [InlineData(ExpiryIndex.Tick)]
    [InlineData(10_000)]
    [InlineData(204_800)]
    [InlineData(3_600_000)]
    [InlineData(86_400_000)]
    public void After_a_pause_of_any_length_everything_due_is_found_once(long pause)
    {
        var random = new Random(3);
        var index = new ExpiryIndex(Start);
        var entries = Enumerable.Range(0, 5_000).Select(_ => Entry(Start + 1 + random.NextInt64(10_800_000))).ToArray();
        foreach (var entry in entries)
            index.Add(entry);

        var now = Start + pause;
        var found = Collect(index, now);

        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.All(found, entry => Assert.True(entry.Due <= now));
        // An entry that was due within the last tick may wait for the next.
        Assert.All(entries.Except(found), entry => Assert.True(entry.Due > now - ExpiryIndex.Tick));
    }

    [Fact]
    public void A_removed_entry_is_not_found_whatever_its_place_in_the_slot()
    {
        for (var removed = 0; removed < 3; removed++)
        {
            var index = new ExpiryIndex(Start);
            CacheEntry[] entries = [Entry(Start + 10), Entry(Start + 20), Entry(Start + 30)];
            foreach (var entry in entries)
                index.Add(entry);

            index.Remove(entries[removed]);

            Assert.Equal(entries.Where(entry => entry != entries[removed]).ToHashSet(), Collect(index, Start + 100).ToHashSet());
        }
    }

    [Fact]
    public void A_removed_entry_leaves_nothing_behind()
    {
        var index = new ExpiryIndex(Start);
        var entries = Enumerable.Range(0, 3_000).Select(i => Entry(Start + (i * 97))).ToArray();
        foreach (var entry in entries)
            index.Add(entry);
        foreach (var entry in entries)
            index.Remove(entry);

        Assert.Empty(Collect(index, Start + 86_400_000));
        Assert.All(entries, entry => Assert.True(entry.WheelNext is null && entry.WheelPrevious is null));
    }

    [Fact]
    public void An_entry_that_was_due_before_it_was_added_is_found_in_the_next_tick()
    {
        var index = new ExpiryIndex(Start);
        Assert.Empty(Collect(index, Start + 1_000));
        var late = Entry(Start + 400);
        index.Add(late);

        Assert.Equal([late], Collect(index, Start + 1_100));
        Assert.Empty(Collect(index, Start + 1_000_000));
    }

    private static List<CacheEntry> Collect(ExpiryIndex index, long now)
    {
        var due = new List<CacheEntry>();
        index.Collect(now, due);
        // The table removes the due entries.
        foreach (var entry in due)
            index.Remove(entry);
        return due;
    }

    private static CacheEntry Entry(long due)
    {
        var entry = TestEntries.Make(null, "book", 1, ends: 0);
        entry.Due = due;
        return entry;
    }
}
