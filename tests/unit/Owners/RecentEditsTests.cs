using OrleansCache.Configuration;
using OrleansCache.Leases;
using OrleansCache.Owners;

namespace OrleansCache.Tests.Owners;

public sealed class RecentEditsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public void A_read_that_began_before_an_edit_is_told_for_as_long_as_it_could_give_a_lease(int calmAfter)
    {
        var edits = Edits(calmAfter);
        var noted = edits.Count;
        edits.Note("edited", now: 1_000);

        for (var i = 0; i < 10; i++)
            edits.Note($"other {i}", now: 1_000 + (i * 1_000));
        Assert.True(edits.BeganSince("edited", noted));
        Assert.False(edits.BeganSince("edited", edits.Count));
        Assert.False(edits.BeganSince("untouched", noted));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 5_000)]
    [InlineData(60, 60_000)]
    public void A_book_is_calm_when_it_has_not_been_edited_for_the_time_that_is_set(int calmAfter, long from)
    {
        var edits = Edits(calmAfter);
        Assert.True(edits.IsCalm("edited", now: 0));

        edits.Note("edited", now: 1_000);

        Assert.Equal(from == 0, edits.IsCalm("edited", now: 1_000));
        Assert.False(from > 0 && edits.IsCalm("edited", 999 + from));
        Assert.True(edits.IsCalm("edited", 1_000 + from));
    }

    [Fact]
    public void What_there_is_no_room_for_counts_as_edited_for_all()
    {
        var edits = Edits(calmAfter: 0);
        var noted = edits.Count;

        for (var i = 0; i < 5_000; i++)
            edits.Note($"book {i}", now: 1_000);

        Assert.True(edits.BeganSince("untouched", noted));
        Assert.False(edits.BeganSince("untouched", edits.Count));
    }

    private static RecentEdits Edits(int calmAfter) => new(new LeaseTimes(new LeaseSettings { CalmAfter = TimeSpan.FromSeconds(calmAfter) }));
}
