using OrleansCache.Entries;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Entries;

/// <summary>Which generation was current at a past time, on machines with a long and with a short uptime.</summary>
public sealed class GenerationAgesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3_500)]
    [InlineData(GenerationAges.Longest)]
    [InlineData(1_000_000_000)]
    public void It_knows_the_last_minutes_and_the_first_generation_of_all_before(long began)
    {
        var ages = new GenerationAges(began, generation: 100);
        for (var second = 1; second <= 10; second++)
            ages.Note(began + (second * 1_000), 100 + second);
        var now = began + 10_000;

        Assert.Equal(109, ages.At(now));
        Assert.Equal(104, ages.At(now - 5_000));
        Assert.Equal(100, ages.At(now - 10_000));
        Assert.Equal(100, ages.At(now - 60_000));
        Assert.Equal(100, ages.At(now - GenerationAges.Longest));
        Assert.Equal(100, ages.At(now - (100 * GenerationAges.Longest)));
    }

    [Fact]
    public void After_a_pause_all_of_it_has_the_generation_that_it_began_with()
    {
        var ages = new GenerationAges(0, generation: 7);
        ages.Note(20 * GenerationAges.Longest, 8);

        Assert.Equal(7, ages.At((20 * GenerationAges.Longest) - 1_000));
        Assert.Equal(7, ages.At(19 * GenerationAges.Longest));
        ages.Note((20 * GenerationAges.Longest) + 2_000, 9);
        Assert.Equal(8, ages.At((20 * GenerationAges.Longest) + 2_000));
    }

    [Fact]
    public async Task Entries_are_prolonged_on_a_machine_that_began_a_moment_ago()
    {
        var clock = new ManualClock(origin: 0);
        var prolong = new ProlongRules(Before: 4_000, UsedWithin: 300_000);
        await using var table = new LeasedEntryTable(clock, 1_000_000, slots: 64, prolong);
        var entry = TestEntries.Make(null, "book", 7, ends: 10_000);
        Assert.True(table.TryKeep(entry, table.Epoch("book")));

        clock.Advance(TimeSpan.FromMilliseconds(6_200));

        Assert.Equal([entry], table.TakeExpiring());
    }
}
