using OrleansCache.Client;
using OrleansCache.TestSupport;
using OrleansCache.Timing;
using Xunit;
using static OrleansCache.Client.RegionEvent;
using static OrleansCache.Client.RegionStatus;

namespace OrleansCache.Tests.Client.Lookups;

/// <summary>The state machine of a region, and its distance.</summary>
public sealed class RegionStateTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(nameof(Connecting), nameof(Answer), 1, nameof(Ready))]
    [InlineData(nameof(Connecting), nameof(NoConnection), 1, nameof(Down))]
    [InlineData(nameof(Connecting), nameof(Silence), 2, nameof(Connecting))]
    [InlineData(nameof(Connecting), nameof(Silence), 3, nameof(Suspect))]
    [InlineData(nameof(Connecting), nameof(Error), 16, nameof(Down))]
    [InlineData(nameof(Ready), nameof(Answer), 1, nameof(Ready))]
    [InlineData(nameof(Ready), nameof(Silence), 2, nameof(Ready))]
    [InlineData(nameof(Ready), nameof(Silence), 3, nameof(Suspect))]
    [InlineData(nameof(Ready), nameof(Error), 15, nameof(Ready))]
    [InlineData(nameof(Ready), nameof(Error), 16, nameof(Down))]
    [InlineData(nameof(Ready), nameof(NoConnection), 1, nameof(Down))]
    [InlineData(nameof(Suspect), nameof(Answer), 1, nameof(Ready))]
    [InlineData(nameof(Suspect), nameof(Silence), 100, nameof(Suspect))]
    [InlineData(nameof(Suspect), nameof(Error), 15, nameof(Suspect))]
    [InlineData(nameof(Suspect), nameof(Error), 16, nameof(Down))]
    [InlineData(nameof(Suspect), nameof(NoConnection), 1, nameof(Down))]
    [InlineData(nameof(Down), nameof(Answer), 1, nameof(Ready))]
    [InlineData(nameof(Down), nameof(Silence), 100, nameof(Down))]
    [InlineData(nameof(Down), nameof(Error), 100, nameof(Down))]
    [InlineData(nameof(Down), nameof(NoConnection), 1, nameof(Down))]
    public void Each_transition_is_as_the_table_says(string before, string happened, int times, string after)
    {
        var state = StateIn(Enum.Parse<RegionStatus>(before));

        for (var time = 0; time < times; time++)
            Note(state, Enum.Parse<RegionEvent>(happened));

        Assert.Equal(Enum.Parse<RegionStatus>(after), state.Status);
    }

    [Theory]
    [InlineData(nameof(Silence), RegionState.SilencesToSuspect)]
    [InlineData(nameof(Error), RegionState.ErrorsToDown)]
    public void An_answer_in_between_begins_the_count_again(string happened, int most)
    {
        var state = StateIn(Ready);

        for (var time = 0; time < 3 * most; time++)
        {
            if (time % (most - 1) == 0)
                state.NoteAnswer();
            Note(state, Enum.Parse<RegionEvent>(happened));
        }

        Assert.Equal(Ready, state.Status);
    }

    [Fact]
    public void A_region_that_is_down_is_tried_once_per_pause()
    {
        var state = StateIn(Ready);
        for (var time = 0; time < RegionState.ErrorsToDown; time++)
            state.NoteError("no connection");

        for (var pause = 0; pause < 3; pause++)
        {
            Assert.False(state.TryPass(out var reason));
            Assert.Contains("no connection", reason);
            _time.Advance(RegionState.TrialPause);
            Assert.True(state.TryPass(out _));
        }

        state.NoteAnswer();
        Assert.True(state.TryPass(out _));
        Assert.True(state.TryPass(out _));
    }

    [Fact]
    public void Silence_says_nothing_while_this_process_itself_is_late()
    {
        using var lag = new ProcessLag(new TimeWithoutTimers(_time));
        var state = new RegionState(new(Patience, lag), lag, _time);
        state.NoteAnswer();

        // The lag counts from when the first timer was due, after 50 ms.
        _time.Advance(TimeSpan.FromMilliseconds(200));
        for (var time = 0; time < 10; time++)
            state.NoteSilence(Patience);
        Assert.Equal(Ready, state.Status);

        for (var time = 0; time < 10; time++)
            state.NoteSilence(2 * Patience);
        Assert.Equal(Suspect, state.Status);
    }

    [Fact]
    public void The_patience_is_both_ways_and_the_slack_and_what_is_not_measured_counts_as_far()
    {
        var distance = new RegionDistance(Patience, ProcessLag.None);
        Assert.Equal(TimeSpan.FromSeconds(1), distance.Patience);

        distance.Note(TimeSpan.FromMilliseconds(90), null);
        Assert.Equal(TimeSpan.FromMilliseconds(90 + 350 + 300), distance.Patience);

        distance.Note(TimeSpan.FromMilliseconds(95), TimeSpan.FromMilliseconds(160));
        distance.Note(TimeSpan.FromMilliseconds(95), null);
        Assert.Equal(TimeSpan.FromMilliseconds(90 + 160), distance.Expected);
        Assert.Equal(TimeSpan.FromMilliseconds(90 + 160 + 300), distance.Patience);
        Assert.Equal(TimeSpan.FromMilliseconds(145), distance.ShortPatience);

        distance.Forget();
        Assert.Equal((null, null), (distance.RoundTrip, distance.OwnerRoundTrip));
    }

    [Fact]
    public void Pings_that_differ_widely_and_a_late_process_make_the_patience_longer()
    {
        using var lag = new ProcessLag(new TimeWithoutTimers(_time));
        var distance = new RegionDistance(Patience, lag);
        foreach (var ping in (int[])[100, 200, 300])
            distance.Note(TimeSpan.FromMilliseconds(ping), TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromMilliseconds(100 + 400), distance.Patience);

        _time.Advance(TimeSpan.FromMilliseconds(50 + 70));
        Assert.Equal(TimeSpan.FromMilliseconds(100 + 400 + 70), distance.Patience);
    }

    private RegionState StateIn(RegionStatus status)
    {
        var state = new RegionState(new(Patience, ProcessLag.None), ProcessLag.None, _time);
        if (status is Ready or Suspect)
            state.NoteAnswer();
        if (status is Down)
            state.NoteNoConnection("refused");
        for (var time = 0; time < RegionState.SilencesToSuspect && status is Suspect; time++)
            state.NoteSilence(Patience);
        Assert.Equal(status, state.Status);
        return state;
    }

    private static void Note(RegionState state, RegionEvent happened)
    {
        switch (happened)
        {
            case Answer: state.NoteAnswer(); break;
            case Silence: state.NoteSilence(Patience); break;
            case Error: state.NoteError("lost"); break;
            case NoConnection: state.NoteNoConnection("refused"); break;
        }
    }
}

/// <summary>Time whose timers never fire: what a process sees that is not running.</summary>
internal sealed class TimeWithoutTimers(TimeProvider inner) : TimeProvider
{
    public override long TimestampFrequency => inner.TimestampFrequency;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
