namespace OrleansCache.TestSupport;

/// <summary>Time that passes only through <see cref="Advance"/>: the wall clock, timestamps and timers.</summary>
/// <remarks>
/// Each timer fires at its due time: while its callback runs, that is the current time. Microsoft's <c>FakeTimeProvider</c> shows every
/// callback the end of the whole advance, so it cannot test what depends on the order of events, such as leases.
/// </remarks>
public sealed class ManualTimeProvider : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _armed = [];
    private TimeSpan _elapsed;
    private long _order;

    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
                return _elapsed;
        }
    }

    /// <summary>When the next timer is due; null when no timer is armed.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            lock (_gate)
                return _armed.Count == 0 ? null : _armed.Min(static timer => timer.Due);
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        var target = Elapsed + time;
        while (TakeDue(target) is { } due)
            due.Fire();
    }

    /// <summary>Advances to the next timer that is due by then, or to the target when there is none.</summary>
    private ManualTimer? TakeDue(TimeSpan target)
    {
        lock (_gate)
        {
            var next = _armed.Where(timer => timer.Due <= target).MinBy(static timer => (timer.Due, timer.Order));
            var moment = next?.Due ?? target;
            if (moment > _elapsed)
                _elapsed = moment;
            if (next is null)
                return null;
            _armed.Remove(next);
            if (next.Period > TimeSpan.Zero)
                Arm(next, next.Due + next.Period);
            return next;
        }
    }

    private void Arm(ManualTimer timer, TimeSpan due)
    {
        timer.Due = due;
        timer.Order = _order++;
        _armed.Add(timer);
    }

    private sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public long Order { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Check(dueTime, nameof(dueTime));
            Check(period, nameof(period));
            lock (time._gate)
            {
                if (_disposed)
                    return false;
                time._armed.Remove(this);
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                time.Arm(this, time._elapsed + dueTime);
                if (dueTime > TimeSpan.Zero)
                    return true;
                time._armed.Remove(this);
                if (Period > TimeSpan.Zero)
                    time.Arm(this, time._elapsed + Period);
            }

            // It is due already, so no advance would fire it. As with a system timer, another thread does.
            ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                _disposed = true;
                time._armed.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private static void Check(TimeSpan value, string name)
        {
            if (value < TimeSpan.Zero && value != Timeout.InfiniteTimeSpan)
                throw new ArgumentOutOfRangeException(name, value, "A timer's time is zero or more, or infinite.");
        }
    }
}
