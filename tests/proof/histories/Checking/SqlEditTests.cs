using OrleansCache.Proof.Histories;
using static OrleansCache.Proof.Checking.Written;

namespace OrleansCache.Proof.Checking;

/// <summary>Edits made directly in the database, which readers see within one lease.</summary>
public sealed class SqlEditTests
{
    [Fact]
    public void Readers_may_see_the_old_row_for_one_lease() => Holds("""
        0 1 a Put 'x' - acked 1/x
        2 3 s SqlPut 'y' - acked 2/t
        12 13 b Read - - saw 1/x 'x'
        12 14 c Read - - saw 2/t 'y'
        """);

    [Theory]
    [InlineData("acked 2/t")]
    [InlineData("acked ?")]
    public void After_one_lease_the_old_row_is_refused(string outcome) => Breaks($"""
        0 1 a Put 'x' - acked 1/x
        2 3 s SqlPut 'y' - {outcome}
        13.1 14 b Read - - saw 1/x 'x'
        15 16 c Read - - saw 2/t 'y'
        """, Promise.Linearizable, Promise.Bounded);

    [Fact]
    public void One_whose_version_nobody_knows_bounds_readers_too() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 s SqlPut 'y' - acked ?
        13.1 14 b Read - - saw 1/x 'x'
        """, Promise.Bounded);

    [Fact]
    public void All_readers_see_it_at_once() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 s SqlPut 'y' - acked 2/t
        4 5 b Read - - saw 2/t 'y'
        6 7 c Read - - saw 1/x 'x'
        """, Promise.Linearizable);

    [Fact]
    public void While_owners_change_one_reader_may_see_it_sooner_than_another_but_for_a_lease_only()
    {
        var verdict = Verdict("""
            0 1 a Put 'x' - acked 1/x
            2 3 s SqlPut 'y' - acked 2/t
            4 5 b Read - - saw 2/t 'y'
            6 7 c Read - - saw 1/x 'x'
            """, ownersChange: true);
        Assert.True(verdict.Holds, verdict.ToString());

        Assert.False(Verdict("""
            0 1 a Put 'x' - acked 1/x
            2 3 s SqlPut 'y' - acked 2/t
            4 5 b Read - - saw 2/t 'y'
            13.1 14 c Read - - saw 1/x 'x'
            """, ownersChange: true).Keeps(Promise.Linearizable));
        Assert.False(Verdict("""
            0 1 a Put 'x' - acked 1/x
            2 3 b Read - - saw 2/t 'y'
            4 5 s SqlPut 'y' - acked 2/t
            """, ownersChange: true).Keeps(Promise.Linearizable));
        Assert.False(Verdict("""
            0 1 a Put 'x' - acked 1/x
            2 3 s SqlPut 'y' - acked 2/t
            4 5 a Put 'z' - acked 3/z
            6 7 c Read - - saw 2/t 'y'
            """, ownersChange: true).Keeps(Promise.Linearizable));
    }

    [Fact]
    public void An_edit_through_the_cache_makes_it_visible() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 s SqlPut 'y' - acked 2/t
        4 5 a Put 'z' - acked 3/z
        6 7 c Read - - saw 2/t 'y'
        """, Promise.Linearizable);

    [Fact]
    public void A_conflict_may_show_it_before_readers_see_it() => Holds("""
        0 1 a Put 'x' - acked 1/x
        2 3 s SqlPut 'y' - acked 2/t
        4 5 a Put 'z' 1 conflict 2/t
        6 7 c Read - - saw 1/x 'x'
        """);

    [Fact]
    public void A_client_that_has_seen_it_does_not_go_back() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 s SqlPut 'y' - acked 2/t
        4 5 a Put 'z' 1 conflict 2/t
        6 7 a Read - - saw 1/x 'x'
        """, Promise.Monotonic);

    [Fact]
    public void Writers_meet_it_at_once() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 s SqlPut 'y' - acked 2/t
        4 5 a Put 'z' 0 conflict 1/x
        """, Promise.Linearizable);

    [Fact]
    public void It_does_not_come_after_an_edit_that_follows_it() => Breaks("""
        0 1 s SqlPut 'y' - acked 2/t
        2 3 a Put 'x' - acked 1/x
        """, Promise.Linearizable);

    [Fact]
    public void Removing_by_sql_is_an_edit_whose_tag_tells_nothing()
    {
        Holds("""
            0 1 a Put 'x' - acked 1/x
            2 3 s SqlRemove 'r' - acked ?
            4 5 b Read - - saw 1/x 'x'
            12 14 b Read - - saw 2/t absent
            """);
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            4 5 b Read - - saw 2/t absent
            6 7 s SqlRemove 'r' - acked ?
            """, Promise.Linearizable);
    }

    [Fact]
    public void A_row_known_only_from_a_conflict_may_be_the_one_that_it_wrote() => Holds("""
        0 1 a Put 'x' - acked 1/x
        2 3 s SqlPut 'y' - acked ?
        4 5 a Put 'z' 1 conflict 2/t
        6 7 c Read - - saw 1/x 'x'
        """);

    [Fact]
    public void A_row_whose_tag_is_no_edit_of_the_history_was_written_by_sql()
    {
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 b Put 'y' - unknown
            4 5 a Put 'z' 1 conflict 2/t
            """, Promise.Linearizable);
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 s SqlPut 'y' - acked 2/t
            4 5 a Put 'z' 2 conflict 3/u
            """, Promise.Linearizable);
    }

    [Fact]
    public void It_writes_a_content_of_its_own() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 s SqlPut 'y' - acked ?
        4 14 b Read - - saw 2/t 'x'
        """, Promise.Linearizable);

    [Fact]
    public void An_unseen_put_and_an_unseen_removal_leave_the_book_absent() => Holds("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Remove 'r' - acked 2/r
        4 5 s SqlPut 'y' - acked ?
        6 7 s SqlRemove 'q' - acked ?
        8 9 b Put 'z' 2 conflict 4/t
        10 11 c Read - - saw 2/r absent
        14 15 c Read - - saw 4/t absent
        """);
}
