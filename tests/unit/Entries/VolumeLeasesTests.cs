using OrleansCache.Entries;

namespace OrleansCache.Tests.Entries;

/// <summary>The volume leases of a holder.</summary>
public sealed class VolumeLeasesTests
{
    private readonly VolumeLeases _leases = new(slots: 4);

    [Fact]
    public void There_is_none_at_first()
    {
        Assert.True(_leases.Of(1).HasEnded);
        Assert.Equal(long.MinValue, _leases.Of(1).Until);
    }

    [Fact]
    public void A_lease_becomes_longer_and_never_shorter()
    {
        var lease = _leases.Take(1, new(1, 1), 100)!;

        Assert.Same(lease, _leases.Take(1, new(1, 1), 200));
        Assert.Same(lease, _leases.Take(1, new(1, 1), 150));
        Assert.Same(lease, _leases.Take(1, new(1, 1), long.MinValue));

        Assert.Equal(200, lease.Until);
        Assert.True(_leases.Of(2).HasEnded);
    }

    [Fact]
    public void A_later_generation_ends_the_former_whose_late_answers_are_refused()
    {
        var former = _leases.Take(1, new(1, 5), 100)!;
        var later = _leases.Take(1, new(2, 1), 50)!;

        Assert.Equal((true, long.MinValue, 50L), (former.HasEnded, former.Until, later.Until));
        Assert.Null(_leases.Take(1, new(1, 5), 300));
        Assert.Null(_leases.Take(1, new(1, 6), 300));
        Assert.Equal(50, _leases.Of(1).Until);
        Assert.True(later.Stamp > former.Stamp);
    }

    [Fact]
    public void A_lower_epoch_is_refused_once_a_new_owner_has_said_so()
    {
        var lease = _leases.Take(1, new(1, 1), 100)!;

        _leases.End(1, lowestEpoch: 3);

        Assert.True(lease.HasEnded);
        Assert.Null(_leases.Take(1, new(2, 9), 200));
        Assert.NotNull(_leases.Take(1, new(3, 1), 200));
        _leases.End(1, lowestEpoch: 3);
        Assert.Equal(200, _leases.Of(1).Until);
    }

    [Fact]
    public void A_lease_that_has_ended_needs_the_next_generation()
    {
        _leases.Take(1, new(1, 1), 100);

        _leases.EndAll();
        Assert.Null(_leases.Take(1, new(1, 2), 200));
        _leases.Reopen();

        Assert.Null(_leases.Take(1, new(1, 1), 200));
        Assert.NotNull(_leases.Take(1, new(1, 2), 200));
    }

    [Fact]
    public void Leases_below_a_number_end_and_such_numbers_are_refused()
    {
        var lease = _leases.Take(1, new(1, 4), 100)!;

        _leases.EndBelow(1, lowestNumber: 4);
        Assert.False(lease.HasEnded);
        _leases.EndBelow(1, lowestNumber: 5);

        Assert.True(lease.HasEnded);
        Assert.Null(_leases.Take(1, new(2, 4), 200));
        Assert.NotNull(_leases.Take(1, new(1, 5), 200));
    }

    [Fact]
    public void The_last_answer_that_was_worked_off_never_goes_back()
    {
        var lease = _leases.Take(1, new(1, 1), 100)!;

        lease.NoteWorkedOff(3);
        lease.NoteWorkedOff(2);

        Assert.Equal(3, lease.WorkedOff);
    }
}
