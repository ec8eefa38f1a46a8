namespace OrleansCache.Entries;

/// <summary>
/// The time that the cache goes by. The hot path asks for <see cref="Now"/>, a coarse monotonic clock that costs a few
/// nanoseconds; everything else goes through <see cref="TimeProvider"/>. Tests drive both at once.
/// </summary>
public abstract class Clock
{
    /// <summary>The machine's own clocks.</summary>
    public static Clock System { get; } = new SystemClock();

    /// <summary>Monotonic milliseconds since some moment; coarse (about 10 to 16 ms on some systems).</summary>
    public abstract long Now { get; }

    /// <summary>Timers and wall-clock time that go with <see cref="Now"/>.</summary>
    public abstract TimeProvider TimeProvider { get; }

    private sealed class SystemClock : Clock
    {
        public override long Now => Environment.TickCount64;

        public override TimeProvider TimeProvider => TimeProvider.System;
    }
}
