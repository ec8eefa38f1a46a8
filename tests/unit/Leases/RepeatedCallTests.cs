using OrleansCache.Leases;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Leases;

public sealed class RepeatedCallTests
{
    private readonly ManualClock _clock = new();
    private readonly List<TaskCompletionSource<int>> _calls = [];
    private readonly List<CancellationToken> _tokens = [];

    private RepeatedCall Call => new(TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(50), _clock);

    [Fact]
    public async Task The_answer_to_the_first_call_counts_although_it_was_repeated()
    {
        var run = Call.RunAsync(Start, _clock.Now + 10_000);
        await _clock.AdvanceUntilAsync(() => Count() == 2, "the call is repeated");

        _calls[0].SetResult(7);

        Assert.Equal((true, 7, null), await run.WaitAsync(Eventually.Bound));
        Assert.All(_tokens, token => Assert.True(token.IsCancellationRequested));
    }

    [Fact]
    public async Task A_call_that_fails_is_repeated_after_a_pause()
    {
        var run = Call.RunAsync(Start, _clock.Now + 10_000);
        _calls[0].SetException(new InvalidOperationException("lost"));
        await _clock.AdvanceUntilAsync(() => Count() == 2, "the call is repeated");

        _calls[1].SetResult(8);

        Assert.Equal((true, 8, null), await run.WaitAsync(Eventually.Bound));
    }

    [Fact]
    public async Task Without_an_answer_it_ends_in_time_with_the_first_failure()
    {
        var began = _clock.Now;
        var run = Call.RunAsync(Start, began + 1_200);
        _calls[0].SetException(new InvalidOperationException("lost"));
        await _clock.AdvanceUntilAsync(() => run.IsCompleted, "it ends");

        var (isDone, _, failure) = await run;
        Assert.Equal((false, "lost"), (isDone, failure));
        Assert.InRange(_clock.Now - began, 1_200, 1_300);
    }

    [Fact]
    public async Task It_ends_when_no_further_call_is_needed()
    {
        var run = Call.RunAsync<int>(_ => null, _clock.Now + 10_000);

        Assert.True((await run).IsDone);
    }

    private int Count()
    {
        lock (_calls)
            return _calls.Count;
    }

    private Task<int> Start(CancellationToken over)
    {
        lock (_calls)
        {
            _tokens.Add(over);
            _calls.Add(new(TaskCreationOptions.RunContinuationsAsynchronously));
            return _calls[^1].Task;
        }
    }
}
