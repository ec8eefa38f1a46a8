namespace OrleansCache.Timing;

/// <summary>
/// How late this process itself runs: by how much a timer was late at most within the last second. A process that is starved of processor
/// time, or collects garbage, sees late answers from everybody; what it would conclude about its peers then is wrong, and what it would
/// ask again only adds to its own load. All members are thread-safe; <see cref="Current"/> takes no lock.
/// </summary>
public sealed class ProcessLag : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    // One second of periods.
    private readonly long[] _lags = new long[20];
    private readonly TimeProvider _time;
    private readonly ITimer? _timer;
    private long _expected;
    private int _next;

    /// <summary>Measures with the timers of a time provider.</summary>
    public ProcessLag(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        Expect(time.GetTimestamp());
        // One shot each: a periodic timer would fire several times at once after a pause, and hide it.
        _timer = time.CreateTimer(_ => Tick(), null, Period, Timeout.InfiniteTimeSpan);
    }

    private ProcessLag() => _time = TimeProvider.System;

    /// <summary>A process that is always on time, for tests that drive the clock themselves.</summary>
    public static ProcessLag None { get; } = new();

    /// <summary>The lag within the last second, a timer that is overdue right now included.</summary>
    public TimeSpan Current
    {
        get
        {
            if (_timer is null)
                return TimeSpan.Zero;
            var worst = Math.Max(0, LagAt(_time.GetTimestamp()));
            foreach (ref var lag in _lags.AsSpan())
                worst = Math.Max(worst, Volatile.Read(ref lag));
            return new(worst);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        var now = _time.GetTimestamp();
        Volatile.Write(ref _lags[_next], Math.Max(0, LagAt(now)));
        _next = (_next + 1) % _lags.Length;
        Expect(now);
        _timer!.Change(Period, Timeout.InfiniteTimeSpan);
    }

    // In ticks of a time span.
    private long LagAt(long timestamp) => _time.GetElapsedTime(Volatile.Read(ref _expected), timestamp).Ticks;

    private void Expect(long now) =>
        Volatile.Write(ref _expected, now + (long)(Period.TotalSeconds * _time.TimestampFrequency));
}
