using OrleansCache.Proof.Histories;
using static OrleansCache.Proof.Checking.Written;

namespace OrleansCache.Proof.Checking;

/// <summary>Histories of one book as a register that is edited only through the cache.</summary>
public sealed class LinearizabilityTests
{
    [Fact]
    public void Edits_and_lookups_one_after_the_other_hold() => Holds("""
        0 1 a Read - - saw 0 absent
        2 3 a Put 'x' 0 acked 1/x
        4 5 b Read - - saw 1/x 'x'
        6 7 a Remove 'gone' 1 acked 2/gone
        8 9 b Read - - saw 2/gone absent
        10 11 a Put 'y' - acked 3/y
        12 13 b Read - - saw 3/y 'y'
        """);

    [Fact]
    public void Lookups_beside_an_edit_may_show_it_or_not() => Holds("""
        0 1 a Put 'x' - acked 1/x
        2 9 a Put 'y' - acked 2/y
        3 4 b Read - - saw 1/x 'x'
        4 6 c Read - - saw 2/y 'y'
        5 8 b Read - - saw 2/y 'y'
        3 7 d Read - - saw 1/x 'x'
        """);

    [Fact]
    public void A_stale_read_after_an_acknowledged_edit_is_refused()
    {
        var violation = Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Put 'y' - acked 2/y
            4 5 b Read - - saw 1/x 'x'
            6 7 b Read - - saw 2/y 'y'
            """, Promise.Linearizable);

        Assert.Equal("version 1 was answered to a call that began after a later version was acknowledged or seen.", violation.Reason);
        Assert.Equal([0, 2, 4], violation.Calls.Select(call => call.Start.TotalSeconds));
    }

    [Fact]
    public void A_new_value_and_then_the_old_one_at_another_reader_is_refused()
    {
        var violation = Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 9 a Put 'y' - acked 2/y
            3 4 b Read - - saw 2/y 'y'
            5 6 c Read - - saw 1/x 'x'
            """, Promise.Linearizable);

        Assert.Equal([0, 2, 3, 5], violation.Calls.Select(call => call.Start.TotalSeconds));
    }

    [Fact]
    public void A_lost_acknowledged_edit_is_refused() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Put 'y' - acked 2/y
        2 3 b Put 'z' - acked 2/z
        4 5 c Read - - saw 2/z 'z'
        """, Promise.Linearizable);

    [Fact]
    public void An_acknowledged_edit_that_no_later_lookup_sees_is_refused() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Put 'y' 1 acked 2/y
        4 5 b Put 'z' 1 acked 3/z
        """, Promise.Linearizable);

    [Fact]
    public void A_value_seen_before_its_edit_began_is_refused() => Breaks("""
        0 1 b Read - - saw 1/x 'x'
        2 3 a Put 'x' - acked 1/x
        """, Promise.Linearizable);

    [Fact]
    public void Versions_that_contradict_the_times_are_refused() => Breaks("""
        0 1 a Put 'x' - acked 2/x
        2 3 b Put 'y' - acked 1/y
        """, Promise.Linearizable);

    [Fact]
    public void A_value_that_no_edit_wrote_is_refused() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 b Read - - saw 2/q 'q'
        """, Promise.Linearizable);

    [Fact]
    public void A_book_older_than_the_history_needs_no_edit() => Holds("""
        0 1 b Read - - saw 7/old 'old'
        2 3 a Put 'x' 7 acked 8/x
        4 5 b Read - - saw 8/x 'x'
        """);

    [Theory]
    [InlineData("2/t")]
    [InlineData("2")]
    public void A_row_that_repeats_the_one_before_is_refused(string row) => Breaks($"""
        0 1 a Put 'x' - acked 1/x
        2 3 b Read - - saw {row} 'x'
        """, Promise.Linearizable);

    [Fact]
    public void A_book_older_than_the_history_that_is_repeated_is_refused() => Breaks("""
        0 1 b Read - - saw 7/old 'old'
        2 3 b Read - - saw 8/t 'old'
        """, Promise.Linearizable);

    [Fact]
    public void A_tag_that_is_not_the_id_of_the_edit_is_refused() => Breaks("""
        0 1 a Put 'x' - acked 1/t
        """, Promise.Linearizable);

    [Fact]
    public void A_put_that_changed_nothing_is_refused() => Breaks("""
        0 1 a Put 'x' - unknown
        2 3 a Put 'x' - unchanged 1/x
        """, Promise.Linearizable);

    [Fact]
    public void A_version_that_nobody_wrote_is_refused()
    {
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Put 'y' - acked 3/y
            """, Promise.Linearizable);
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Put 'y' 1 acked 3/y
            """, Promise.Linearizable);
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Put 'y' 1 conflict 2
            """, Promise.Linearizable);
    }

    [Fact]
    public void A_removed_book_that_comes_back_is_refused() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Remove 'gone' - acked 2/gone
        4 5 b Read - - saw 1/x 'x'
        """, Promise.Linearizable);

    [Fact]
    public void A_removed_book_that_comes_back_under_a_new_version_is_refused() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Remove 'gone' - acked 2/gone
        4 5 b Read - - saw 3/t 'x'
        """, Promise.Linearizable);

    [Fact]
    public void An_absence_that_nobody_caused_is_refused() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        4 5 b Read - - saw 2/t absent
        """, Promise.Linearizable);

    [Fact]
    public void One_version_with_two_contents_is_refused() => Breaks("""
        0 3 a Put 'x' - unknown
        0 3 b Put 'y' - unknown
        4 5 b Read - - saw 1 'x'
        4 5 c Read - - saw 1 'y'
        """, Promise.Linearizable);

    [Fact]
    public void A_conflict_shows_the_edit_in_between() => Holds("""
        0 1 a Put 'x' - acked 1/x
        2 6 b Put 'y' 1 acked 2/y
        3 5 a Put 'z' 1 conflict 2/y
        """);

    [Fact]
    public void A_conflict_without_another_edit_is_refused() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        3 5 a Put 'z' 1 conflict 1/x
        """, Promise.Linearizable);

    [Fact]
    public void A_conflict_of_an_edit_without_condition_is_refused() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        3 5 a Put 'z' - conflict 1/x
        """, Promise.Linearizable);

    [Fact]
    public void A_conflict_with_a_row_that_is_no_longer_there_is_refused() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Put 'y' - acked 2/y
        4 5 b Put 'z' 0 conflict 1/x
        """, Promise.Linearizable);

    [Fact]
    public void A_book_that_is_created_twice_is_refused() => Breaks("""
        0 1 a Put 'x' 0 acked 1/x
        2 3 b Put 'y' 0 acked 2/y
        """, Promise.Linearizable);

    [Fact]
    public void A_removed_book_may_be_created_and_conflicts_with_any_version() => Holds("""
        0 1 a Put 'x' 0 acked 1/x
        2 3 b Remove 'gone' 1 acked 2/gone
        4 5 b Put 'y' 2 conflict 2/gone
        6 7 b Put 'z' 0 acked 3/z
        """);

    [Fact]
    public void A_failed_edit_that_is_seen_is_refused() => Breaks("""
        0 1 a Put 'x' - failed
        2 3 b Read - - saw 1/x 'x'
        """, Promise.Linearizable);

    [Fact]
    public void A_refused_edit_that_is_seen_is_refused() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Put 'y' 1 unknown
        4 5 a Put 'y' 1 conflict 3/t
        6 7 b Read - - saw 2/y 'y'
        """, Promise.Linearizable);

    [Fact]
    public void Removing_an_absent_book_returns_its_row() => Holds("""
        0 1 a Remove 'r' - unchanged 0
        2 3 a Put 'x' 0 acked 1/x
        4 5 a Remove 's' - acked 2/s
        6 7 a Remove 't' - unchanged 2/s
        """);

    [Fact]
    public void A_removal_of_a_book_that_changed_nothing_is_refused() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Remove 'r' - unchanged 0
        """, Promise.Linearizable);

    [Fact]
    public void Flagged_answers_are_held_to_no_moment() => Holds("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Put 'y' - acked 2/y
        4 5 b Read - - saw 1/x 'x' Stale
        34 35 b Read - - saw 1/x 'x' Unleased
        """);

    [Fact]
    public void Absences_without_version_need_a_time_without_the_book()
    {
        Holds("""
            0 1 b Read - - saw ? absent
            2 3 a Put 'x' - acked 1/x
            4 6 b Read - - saw ? absent
            5 7 a Remove 'r' - acked 2/r
            8 9 c Read - - saw ? absent
            8 9 a Put 'y' - acked 3/y
            """);
        Breaks("""
            2 3 a Put 'x' - acked 1/x
            4 5 b Read - - saw ? absent
            6 7 a Remove 'r' - acked 2/r
            """, Promise.Linearizable);
    }
}
