using OrleansCache.Proof.Histories;
using static OrleansCache.Proof.Checking.Written;

namespace OrleansCache.Proof.Checking;

public sealed class MonotonicReadsTests
{
    [Fact]
    public void A_client_that_goes_back_is_refused()
    {
        var violation = Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 9 a Put 'y' - acked 2/y
            3 4 b Read - - saw 2/y 'y'
            5 6 b Read - - saw 1/x 'x'
            """, Promise.Monotonic, Promise.Linearizable);

        Assert.Equal("b knew version 2 and was then answered version 1.", violation.Reason);
        Assert.Equal([3, 5], violation.Calls.Select(call => call.Start.TotalSeconds));
    }

    [Fact]
    public void Lookups_at_the_same_time_may_differ() => Holds("""
        0 1 a Put 'x' - acked 1/x
        2 9 a Put 'y' - acked 2/y
        3 6 b Read - - saw 2/y 'y'
        5 7 b Read - - saw 1/x 'x'
        """);

    [Fact]
    public void Flagged_answers_neither_break_it_nor_count_as_known() => Assert.True(Verdict("""
        0 1 a Put 'x' - acked 1/x
        2 9 c Put 'y' - acked 2/y
        3 4 b Read - - saw 2/y 'y' Unleased
        5 6 b Read - - saw 1/x 'x'
        7 8 b Read - - saw 2/y 'y'
        9 10 b Read - - saw 1/x 'x' Stale
        """).Holds);

    [Fact]
    public void An_author_knows_its_own_edit() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Put 'y' - acked 2/y
        4 5 a Read - - saw 1/x 'x'
        """, Promise.Monotonic, Promise.Linearizable);

    [Fact]
    public void The_first_result_of_a_repeated_edit_is_no_step_back() => Holds("""
        0 1 a Put 'x' - unknown
        2 3 b Put 'y' - acked 2/y
        4 5 a Read - - saw 2/y 'y'
        6 7 a Put 'x' - acked 1/x
        8 9 a Read - - saw 2/y 'y'
        """);
}
