using OrleansCache.Engine.Membership;
using OrleansCache.TestSupport;

namespace OrleansCache.Engine.Internals.Tests.Membership;

/// <summary>What a silo may send after it was not running.</summary>
public sealed class PauseGateTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly ManualTimeProvider _time = new();
    private readonly TaskCompletionSource<bool> _isMember = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;

    [Fact]
    public void A_silo_that_runs_is_not_held_up()
    {
        var gate = NewGate();
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(Limit / 2);
            gate.Beat();
            Assert.True(gate.PassAsync().IsCompletedSuccessfully);
        }

        Assert.Equal(0, _asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_pause_nothing_is_sent_before_the_silo_knows_that_it_is_a_member(bool beatFirst)
    {
        var gate = NewGate();
        _time.Advance(Limit);
        if (beatFirst) gate.Beat();
        var first = gate.PassAsync().AsTask();
        var second = gate.PassAsync().AsTask();
        Assert.False(first.IsCompleted || second.IsCompleted);

        _isMember.SetResult(true);

        await Task.WhenAll(first, second).WaitAsync(Bound);
        Assert.Equal(1, _asked);
        Assert.True(gate.PassAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_silo_that_was_declared_dead_meanwhile_sends_nothing_any_more()
    {
        var gate = NewGate();
        _time.Advance(Limit);
        var waiting = gate.PassAsync().AsTask();

        _isMember.SetResult(false);

        await Assert.ThrowsAsync<IOException>(() => waiting.WaitAsync(Bound));
        await Assert.ThrowsAsync<IOException>(() => gate.PassAsync().AsTask().WaitAsync(Bound));
    }

    [Fact]
    public async Task A_second_pause_while_it_looks_makes_it_look_again()
    {
        var gate = NewGate();
        _time.Advance(Limit);
        var waiting = gate.PassAsync().AsTask();
        SpinWait.SpinUntil(() => Volatile.Read(ref _asked) == 1, Bound);
        _time.Advance(Limit);

        _isMember.SetResult(true);

        await waiting.WaitAsync(Bound);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public void Before_the_first_beat_nothing_is_held_up()
    {
        var gate = new PauseGate(Limit, () => _isMember.Task, _time);
        _time.Advance(2 * Limit);

        Assert.True(gate.PassAsync().IsCompletedSuccessfully);
    }

    private PauseGate NewGate()
    {
        var gate = new PauseGate(
            Limit,
            () =>
            {
                Interlocked.Increment(ref _asked);
                return _isMember.Task;
            },
            _time);
        gate.Beat();
        return gate;
    }
}
