using OrleansCache.Entries;

namespace OrleansCache.Tests.Entries;

public sealed class ExpiryIndexTests
{
    private const long Start = 5_000_000;

    [Fact]
    public void A_copy_is_found_in_the_tick_after_it_is_due()
    {
        var index = new ExpiryIndex(Start);
        var copy = Copy(Start + 250);
        index.Add(copy);

        Assert.Empty(Collect(index, Start + 200));
        Assert.Equal([copy], Collect(index, Start + 300));
    }

    [Fact]
    public void A_copy_of_a_later_round_stays()
    {
        const long round = 2048 * ExpiryIndex.Tick;
        var index = new ExpiryIndex(Start);
        var soon = Copy(Start + 50);
        var later = Copy(Start + 50 + round);
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
        var copies = Enumerable.Range(0, 5_000).Select(_ => Copy(Start + 1 + random.NextInt64(10_800_000))).ToArray();
        foreach (var copy in copies)
            index.Add(copy);

        var now = Start + pause;
        var found = Collect(index, now);

        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.All(found, copy => Assert.True(copy.Due <= now));
        // What was due within the last tick may wait for the next.
        Assert.All(copies.Except(found), copy => Assert.True(copy.Due > now - ExpiryIndex.Tick));
    }

    [Fact]
    public void A_removed_copy_is_not_found_whatever_its_place_in_the_slot()
    {
        for (var removed = 0; removed < 3; removed++)
        {
            var index = new ExpiryIndex(Start);
            KeptCopy[] copies = [Copy(Start + 10), Copy(Start + 20), Copy(Start + 30)];
            foreach (var copy in copies)
                index.Add(copy);

            index.Remove(copies[removed]);

            Assert.Equal(copies.Where(copy => copy != copies[removed]).ToHashSet(), Collect(index, Start + 100).ToHashSet());
        }
    }

    [Fact]
    public void What_is_removed_leaves_nothing_behind()
    {
        var index = new ExpiryIndex(Start);
        var copies = Enumerable.Range(0, 3_000).Select(i => Copy(Start + (i * 97))).ToArray();
        foreach (var copy in copies)
            index.Add(copy);
        foreach (var copy in copies)
            index.Remove(copy);

        Assert.Empty(Collect(index, Start + 86_400_000));
        Assert.All(copies, copy => Assert.True(copy.WheelNext is null && copy.WheelPrevious is null));
    }

    [Fact]
    public void A_copy_that_was_due_before_it_was_added_is_found_in_the_next_tick()
    {
        var index = new ExpiryIndex(Start);
        Assert.Empty(Collect(index, Start + 1_000));
        var late = Copy(Start + 400);
        index.Add(late);

        Assert.Equal([late], Collect(index, Start + 1_100));
        Assert.Empty(Collect(index, Start + 1_000_000));
    }

    private static List<KeptCopy> Collect(ExpiryIndex index, long now)
    {
        var due = new List<KeptCopy>();
        index.Collect(now, due);
        // The table takes what was found out.
        foreach (var copy in due)
            index.Remove(copy);
        return due;
    }

    private static KeptCopy Copy(long due) => new(null, TestCopies.Row("book", 1), default, TestCopies.OwnBytes) { Due = due };
}
