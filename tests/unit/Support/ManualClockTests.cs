using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Support;

public sealed class ManualClockTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();

    [Fact]
    public void Everything_advances_together()
    {
        var time = _clock.TimeProvider;
        var (now, utc, stamp) = (_clock.Now, time.GetUtcNow(), time.GetTimestamp());

        _clock.Advance(Second);

        Assert.Equal(1000, _clock.Now - now);
        Assert.Equal(Second, time.GetUtcNow() - utc);
        Assert.Equal(Second, time.GetElapsedTime(stamp));
    }

    [Fact]
    public void Timers_fire_in_order_each_at_its_own_moment()
    {
        var fired = new List<(string Name, long At)>();
        var start = _clock.Now;
        ITimer Start(string name, TimeSpan due, TimeSpan period) =>
            _clock.TimeProvider.CreateTimer(_ => fired.Add((name, _clock.Now - start)), null, due, period);
        using var late = Start("late", 3 * Second, Timeout.InfiniteTimeSpan);
        using var often = Start("often", Second, Second);
        using var stopped = Start("stopped", 2 * Second, Timeout.InfiniteTimeSpan);
        stopped.Dispose();

        _clock.Advance(3 * Second);

        Assert.Equal([("often", 1000), ("often", 2000), ("late", 3000), ("often", 3000)], fired);
        Assert.False(stopped.Change(Second, Second));
    }

    [Fact]
    public async Task Delays_end_when_their_time_has_come()
    {
        var delay = Task.Delay(Second, _clock.TimeProvider);
        _clock.Advance(Second - TimeSpan.FromMilliseconds(1));
        Assert.False(delay.IsCompleted);

        _clock.Advance(TimeSpan.FromMilliseconds(1));

        await delay;
    }
}
