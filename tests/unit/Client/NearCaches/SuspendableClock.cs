using OrleansCache.Entries;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Client.NearCaches;

/// <summary>A manual clock of a machine that can be suspended: the wall clock goes on meanwhile, the monotonic one does not.</summary>
internal sealed class SuspendableClock : Clock
{
    private readonly ManualClock _clock = new();
    private readonly Provider _time;

    public SuspendableClock() => _time = new(_clock.TimeProvider);

    public override long Now => _clock.Now;

    public override TimeProvider TimeProvider => _time;

    public void Advance(TimeSpan time) => _clock.Advance(time);

    public void Suspend(TimeSpan time) => _time.Ahead += time;

    private sealed class Provider(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Ahead;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);
    }
}
