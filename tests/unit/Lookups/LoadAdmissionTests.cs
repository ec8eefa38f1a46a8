using OrleansCache.Lookups;
using OrleansCache.Timing;

namespace OrleansCache.Tests.Lookups;

public sealed class LoadAdmissionTests
{
    [Fact]
    public void Loads_beyond_the_limit_are_refused_until_one_has_ended()
    {
        var admission = new LoadAdmission(ProcessLag.None);
        for (var i = 0; i < LoadAdmission.Most; i++)
            Assert.True(admission.TryEnter());

        Assert.False(admission.TryEnter());
        Assert.Equal(LoadAdmission.Most, admission.InFlight);
        admission.Leave();
        Assert.True(admission.TryEnter());
        Assert.False(admission.TryEnter());
    }

    [Fact]
    public void A_silo_that_is_late_itself_takes_fewer()
    {
        var time = new LateTime();
        using var lag = new ProcessLag(time);
        var admission = new LoadAdmission(lag);
        for (var i = 0; i < LoadAdmission.MostWhileLate; i++)
            Assert.True(admission.TryEnter());
        Assert.True(admission.TryEnter());

        // The timer is overdue by more than what a busy moment takes.
        time.Pass(2 * LoadAdmission.Late);

        Assert.False(admission.TryEnter());
        admission.Leave();
        admission.Leave();
        Assert.True(admission.TryEnter());
    }

    /// <summary>Time that passes while no timer fires, as in a process that is starved.</summary>
    private sealed class LateTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => _now += time.Ticks;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            TimeProvider.System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
