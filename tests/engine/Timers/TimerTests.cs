using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Timers;

/// <summary>A timer's ticks are turns of its grain and end with it. Another grain's timer serves as the clock where nothing must happen.</summary>
[Collection(TwoSilosCollection.Name)]
public sealed class TimerTests(TwoSilos cluster)
{
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task A_tick_does_not_overlap_a_call()
    {
        var (grain, key, timer) = Ticking();
        await grain.Start(timer, Fast, Fast, interleave: false);
        await cluster.Stage.WaitForNotesAsync(timer, 2);
        var call = grain.Wait();
        await cluster.Stage.Gate(key).Arrived;

        var before = cluster.Stage.Notes(timer).Count;
        await OthersTickAsync(20);
        Assert.Equal(before, cluster.Stage.Notes(timer).Count);

        cluster.Stage.Gate(key).Open();
        await call;
        await cluster.Stage.WaitForNotesAsync(timer, before + 5);
        for (var i = 0; i < 100; i++)
            await grain.Poke();
        await grain.Stop(timer);
        Assert.All(cluster.Stage.Notes(timer), tick => Assert.Equal("tick", tick));
        Assert.All(cluster.Stage.Notes(key), poke => Assert.Equal("poke", poke));
    }

    [Fact]
    public async Task A_tick_of_an_interleaving_timer_comes_in_between()
    {
        var (grain, key, timer) = Ticking();
        var call = grain.Start(timer, TimeSpan.FromMilliseconds(1), Fast, interleave: true);
        await call;
        call = grain.Wait();
        await cluster.Stage.Gate(key).Arrived;

        await Until.TrueAsync(() => cluster.Stage.Notes(timer).Contains("tick in a call"), () => "a tick during the call");

        cluster.Stage.Gate(key).Open();
        await call;
        await grain.Stop(timer);
    }

    [Fact]
    public async Task A_timer_waits_for_its_tick_to_end_before_the_next()
    {
        var (grain, _, timer) = Ticking();
        await grain.StartBlocked(timer);
        await cluster.Stage.Gate(timer).Arrived;

        await OthersTickAsync(20);
        Assert.Equal(["begins"], cluster.Stage.Notes(timer));

        cluster.Stage.Gate(timer).Open();
        await cluster.Stage.WaitForNotesAsync(timer, 6);
        await grain.Stop(timer);
        Assert.Equal(["begins", "ends", "begins", "ends"], cluster.Stage.Notes(timer).Take(4));
    }

    [Fact]
    public async Task A_timer_without_a_period_ticks_once()
    {
        var (grain, _, timer) = Ticking();

        await grain.Start(timer, TimeSpan.Zero, Timeout.InfiniteTimeSpan, interleave: false);
        await cluster.Stage.WaitForNotesAsync(timer, 1);
        await OthersTickAsync(20);

        Assert.Equal(["tick"], cluster.Stage.Notes(timer));
    }

    [Fact]
    public async Task A_tick_that_fails_does_not_stop_its_timer()
    {
        var (grain, _, timer) = Ticking();

        await grain.StartFaulty(timer, Fast);

        await cluster.Stage.WaitForNotesAsync(timer, 3);
        await grain.Stop(timer);
    }

    [Fact]
    public async Task A_timer_can_be_given_other_times()
    {
        var (grain, _, timer) = Ticking();
        await grain.Start(timer, TimeSpan.FromHours(1), TimeSpan.FromHours(1), interleave: false);
        await OthersTickAsync(5);
        Assert.Empty(cluster.Stage.Notes(timer));

        await grain.Change(timer, TimeSpan.Zero, Fast);
        await cluster.Stage.WaitForNotesAsync(timer, 3);

        await grain.Change(timer, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await ShowSilenceAsync(grain, timer);
    }

    [Fact]
    public async Task A_timer_that_is_changed_while_it_ticks_waits_for_the_tick_to_end()
    {
        var (grain, _, timer) = Ticking();
        await grain.StartBlocked(timer);
        await cluster.Stage.Gate(timer).Arrived;

        await grain.Change(timer, TimeSpan.Zero, Fast);
        await OthersTickAsync(20);
        Assert.Equal(["begins"], cluster.Stage.Notes(timer));

        cluster.Stage.Gate(timer).Open();
        await cluster.Stage.WaitForNotesAsync(timer, 6);
        await grain.Stop(timer);
        Assert.Equal(["begins", "ends", "begins", "ends"], cluster.Stage.Notes(timer).Take(4));
    }

    [Fact]
    public async Task Times_that_no_timer_can_have_are_refused_and_the_grain_goes_on()
    {
        var (grain, _, timer) = Ticking();
        await grain.Start(timer, Fast, Fast, interleave: false);

        await Assert.ThrowsAnyAsync<ArgumentException>(() => grain.Change(timer, Fast, TimeSpan.FromDays(50)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => grain.Change(timer, TimeSpan.FromDays(50), Fast));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => grain.Change(timer, TimeSpan.FromSeconds(-2), Fast));

        await cluster.Stage.WaitForNotesAsync(timer, cluster.Stage.Notes(timer).Count + 3);
        await grain.Stop(timer);
    }

    [Fact]
    public async Task A_disposed_timer_does_not_tick()
    {
        var (grain, _, timer) = Ticking();
        await grain.Start(timer, Fast, Fast, interleave: false);
        await cluster.Stage.WaitForNotesAsync(timer, 2);

        await grain.Stop(timer);

        await ShowSilenceAsync(grain, timer);
    }

    [Fact]
    public async Task Timers_stop_when_their_activation_leaves()
    {
        var (grain, key, timer) = Ticking();
        await grain.Start(timer, Fast, Fast, interleave: false);
        await cluster.Stage.WaitForNotesAsync(timer, 2);

        await grain.Leave();
        await Until.TrueAsync(() => cluster.Stage.Notes(key).Contains("left"), () => "the farewell");

        // The next activation has no timers either.
        await grain.Poke();
        await ShowSilenceAsync(grain, timer);
    }

    [Fact]
    public async Task A_tick_in_progress_is_told_when_its_timer_is_disposed()
    {
        var (grain, _, timer) = Ticking();
        await grain.StartBlocked(timer);
        await cluster.Stage.Gate(timer).Arrived;

        await grain.Stop(timer);

        await cluster.Stage.WaitForNotesAsync(timer, 2);
        Assert.Equal(["begins", "cancelled"], cluster.Stage.Notes(timer));
    }

    private (ITickingGrain Grain, string Key, string Timer) Ticking()
    {
        var key = TestClusterFixture.NewKey();
        return (cluster.Client.GetGrain<ITickingGrain>(key), key, key + "/timer");
    }

    /// <summary>Lets a fresh timer of another grain tick that often: time enough for a timer that does not stand still.</summary>
    private async Task OthersTickAsync(int ticks)
    {
        var (other, _, timer) = Ticking();
        await other.Start(timer, Fast, Fast, interleave: false);
        await cluster.Stage.WaitForNotesAsync(timer, ticks);
        await other.Stop(timer);
    }

    private async Task ShowSilenceAsync(ITickingGrain grain, string timer)
    {
        // A tick may already have been under way; it is over once a later call has been answered.
        await grain.Poke();
        var before = cluster.Stage.Notes(timer).Count;
        await OthersTickAsync(20);
        Assert.Equal(before, cluster.Stage.Notes(timer).Count);
    }
}
