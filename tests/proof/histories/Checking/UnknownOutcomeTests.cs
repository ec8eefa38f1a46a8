using OrleansCache.Proof.Histories;
using static OrleansCache.Proof.Checking.Written;

namespace OrleansCache.Proof.Checking;

/// <summary>Edits whose author does not know whether they were made.</summary>
public sealed class UnknownOutcomeTests
{
    [Fact]
    public void It_may_never_be_made() => Holds("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Put 'y' - unknown
        4 5 b Read - - saw 1/x 'x'
        6 7 a Put 'z' 1 acked 2/z
        """);

    [Fact]
    public void It_may_be_made_long_after_its_author_gave_up() => Holds("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Put 'y' - unknown
        40 50 b Read - - saw 1/x 'x'
        60 70 b Read - - saw 2/y 'y'
        """);

    [Fact]
    public void It_is_not_made_before_it_began() => Breaks("""
        0 1 b Read - - saw 1/y 'y'
        2 3 a Put 'y' - unknown
        """, Promise.Linearizable);

    [Fact]
    public void An_edit_that_is_seen_and_then_not_seen_is_refused() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Put 'y' - unknown
        4 5 b Read - - saw 2/y 'y'
        6 7 c Read - - saw 1/x 'x'
        """, Promise.Linearizable);

    [Fact]
    public void Repeated_with_the_same_id_it_is_one_edit() => Holds("""
        0 1 a Put 'x' - unknown
        2 3 b Read - - saw 1/x 'x'
        4 5 b Put 'y' 1 acked 2/y
        6 7 a Put 'x' - acked 1/x
        8 9 a Read - - saw 2/y 'y'
        """);

    [Fact]
    public void Repeated_and_made_twice_is_refused()
    {
        Breaks("""
            0 1 a Put 'x' - unknown
            2 3 b Read - - saw 1/x 'x'
            6 7 a Put 'x' - acked 2/x
            """, Promise.Linearizable);
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Put 'x' - acked 2
            """, Promise.Linearizable);
        Breaks("""
            0 1 a Put 'x' - unknown
            2 3 b Put 'y' - acked 2/y
            6 7 a Put 'x' - acked 3
            8 9 a Read - - saw 1 'x'
            """, Promise.Linearizable, Promise.Monotonic);
    }

    [Fact]
    public void Once_acknowledged_it_counts_from_that_moment() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Put 'y' - unknown
        4 5 a Put 'y' - acked 2/y
        6 7 b Read - - saw 1/x 'x'
        """, Promise.Linearizable);

    [Fact]
    public void After_it_the_row_before_is_not_written_again()
    {
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Put 'y' 1 unknown
            4 5 b Read - - saw 2/t 'x'
            6 7 a Put 'y' 1 conflict 2/t
            """, Promise.Linearizable);
        Breaks("""
            0 1 a Put 'x' - unknown
            2 3 b Read - - saw 2 'x'
            4 5 a Put 'x' - acked 1
            """, Promise.Linearizable);
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Remove 'r' - acked 2/r
            4 5 a Put 'y' - unknown
            6 7 b Read - - saw 3 absent
            """, Promise.Linearizable);
    }

    [Fact]
    public void Each_version_that_no_known_edit_wrote_needs_one()
    {
        Holds("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Put 'y' - unknown
            4 5 b Put 'z' - acked 3/z
            6 7 a Put 'w' - unknown
            8 9 b Put 'v' 3 conflict 4
            """);
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Put 'y' - unknown
            4 5 b Put 'z' - acked 3/z
            8 9 b Put 'v' 3 conflict 4
            """, Promise.Linearizable);
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Put 'y' - unknown
            4 5 b Put 'z' - acked 4/z
            """, Promise.Linearizable);
    }

    [Fact]
    public void It_leaves_no_version_before_it_began()
    {
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 b Put 'z' - acked 3/z
            4 5 a Put 'y' - unknown
            """, Promise.Linearizable);
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 9 b Put 'z' 1 conflict 2
            3 4 b Read - - saw 3 'w'
            3 5 c Put 'w' - unknown
            6 7 a Put 'y' - unknown
            """, Promise.Linearizable);
    }

    [Fact]
    public void It_writes_the_version_after_the_one_that_it_expects_or_nothing()
    {
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 9 a Put 'y' 1 unknown
            2 3 b Put 'z' 1 acked 2/z
            4 5 b Put 'w' - acked 4/w
            """, Promise.Linearizable);
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 9 a Put 'y' 1 unknown
            2 3 b Put 'z' - unknown
            4 5 b Put 'w' 1 conflict 3
            6 7 b Read - - saw 3/y 'y'
            """, Promise.Linearizable);
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Remove 'r' 1 unknown
            2 3 b Put 'z' - unknown
            4 5 b Read - - saw 3 absent
            """, Promise.Linearizable);
    }

    [Fact]
    public void A_removal_may_explain_an_absence_without_version_once()
    {
        Holds("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Remove 'r' - unknown
            4 5 b Read - - saw 1/x 'x'
            6 7 b Read - - saw ? absent
            8 9 a Put 'y' - acked 3/y
            """);
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Remove 'r' - unknown
            4 5 b Read - - saw ? absent
            6 7 c Read - - saw 1/x 'x'
            """, Promise.Linearizable);
        Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Remove 'r' - unknown
            4 5 b Read - - saw ? absent
            6 7 a Put 'y' - acked 3/y
            8 9 c Read - - saw ? absent
            """, Promise.Linearizable);
    }

    [Fact]
    public void A_removal_does_not_fit_between_consecutive_versions() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Remove 'r' - unknown
        4 5 b Read - - saw ? absent
        6 7 a Put 'y' - acked 2/y
        """, Promise.Linearizable);

    [Fact]
    public void A_removal_is_not_used_if_another_explains_the_absence() => Holds("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Remove 'r' - unknown
        2 3 b Put 'w' - unknown
        4 9 a Remove 's' - acked 3/s
        5 6 b Read - - saw ? absent
        10 11 a Put 'y' - acked 4/y
        12 13 b Read - - saw ? absent
        """);

    [Fact]
    public void A_removal_whose_tag_was_seen_has_its_place_in_the_order() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Remove 'r' - unknown
        4 5 b Read - - saw 2/r absent
        6 7 c Read - - saw 1/x 'x'
        """, Promise.Linearizable);
}
