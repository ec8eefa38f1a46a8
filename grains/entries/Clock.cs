namespace OrleansCache.Entries;

/// <summary>
/// The time of the cache. Hits read <see cref="Now"/>, a coarse monotonic clock that costs a few nanoseconds; everything else uses
/// <see cref="TimeProvider"/>. Tests replace both together.
/// </summary>
public abstract class Clock
{
    /// <summary>The machine's own clocks.</summary>
    public static Clock System { get; } = new SystemClock();

    /// <summary>Monotonic milliseconds since an arbitrary moment; coarse (about 10 to 16 ms on some systems).</summary>
    public abstract long Now { get; }

    /// <summary>The timers and the wall clock that go with <see cref="Now"/>.</summary>
    public abstract TimeProvider TimeProvider { get; }

    private sealed class SystemClock : Clock
    {
        public override long Now => Environment.TickCount64;

        public override TimeProvider TimeProvider => TimeProvider.System;
    }
}
