using OrleansCache.Entries;

namespace OrleansCache.TestSupport;

/// <summary>A clock that stands still until a test advances it; its timers fire while it does.</summary>
/// <param name="origin">What <see cref="Now"/> begins with; by default not zero, so that nobody may take the first moment for none.</param>
public sealed class ManualClock(long origin = 1_000_000) : Clock
{
    private readonly ManualTimeProvider _time = new();

    public override long Now => origin + (long)_time.Elapsed.TotalMilliseconds;

    public override TimeProvider TimeProvider => _time;

    /// <summary>Lets time pass: due timers fire in their order, on this thread, each at its own moment.</summary>
    public void Advance(TimeSpan time) => _time.Advance(time);

    /// <summary>Lets time pass in steps until a condition holds, and gives other threads room meanwhile.</summary>
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
