using OrleansCache.Proof.Histories;
using static OrleansCache.Proof.Checking.Written;

namespace OrleansCache.Proof.Checking;

public sealed class BoundedStalenessTests
{
    [Fact]
    public void Within_one_lease_an_old_answer_breaks_only_G1() => Breaks("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Put 'y' - acked 2/y
        13 14 b Read - - saw 1/x 'x'
        """, Promise.Linearizable);

    [Fact]
    public void After_one_lease_it_breaks_G2()
    {
        var violation = Breaks("""
            0 1 a Put 'x' - acked 1/x
            2 3 a Put 'y' - acked 2/y
            13.001 14 b Read - - saw 1/x 'x'
            """, Promise.Bounded, Promise.Linearizable);

        Assert.Equal("version 1 was answered 10.001 s after it had been overwritten.", violation.Reason);
        Assert.Equal([0, 2, 13.001], violation.Calls.Select(call => call.Start.TotalSeconds));
    }

    [Fact]
    public void An_edit_that_was_not_acknowledged_bounds_nothing() => Holds("""
        0 1 a Put 'x' - acked 1/x
        2 3 a Put 'y' - unknown
        33 34 b Read - - saw 1/x 'x'
        """);

    [Fact]
    public void An_old_absence_breaks_G2_too() => Breaks("""
        2 3 a Put 'y' - acked 1/y
        33 34 b Read - - saw ? absent
        """, Promise.Bounded, Promise.Linearizable);
}
