using OrleansCache.Entries;

namespace OrleansCache.TestSupport;

/// <summary>A clock that stands still until a test advances it; due timers fire during the advance.</summary>
/// <param name="origin">
/// The initial value of <see cref="Now"/>. Default: not zero, so that tests find code that takes zero for "never".
/// </param>
public sealed class ManualClock(long origin = 1_000_000) : Clock
{
    private readonly ManualTimeProvider _time = new();

    public override long Now => origin + (long)_time.Elapsed.TotalMilliseconds;

    public override TimeProvider TimeProvider => _time;

    /// <summary>Advances the time; due timers fire in their order, on this thread, each at its due time.</summary>
    public void Advance(TimeSpan time) => _time.Advance(time);

    /// <summary>Advances the time in steps, between which other threads run, until a condition holds.</summary>
    public Task AdvanceUntilAsync(Func<bool> condition, string what, TimeSpan? step = null) => Eventually.IsTrueAsync(
        () =>
        {
            if (condition())
                return true;
            Advance(step ?? TimeSpan.FromMilliseconds(10));
            return false;
        },
        what);
}
