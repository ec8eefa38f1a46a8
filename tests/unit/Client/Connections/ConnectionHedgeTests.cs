using OrleansCache.Client;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Client.Lookups;
using OrleansCache.Timing;

namespace OrleansCache.Tests.Client.Connections;

public sealed class ConnectionHedgeTests
{
    private readonly ManualTimeProvider _time = new();

    // Attempts are made on whichever thread moves the time.
    private readonly Lock _gate = new();
    private readonly List<(TaskCompletionSource<string?> Result, CancellationToken Stop)> _made = [];
    private readonly List<string> _closed = [];
    private readonly ConnectionHedge<string> _hedge;

    public ConnectionHedgeTests() => _hedge = new(ConnectAsync, CloseAsync, ProcessLag.None, _time);

    [Fact]
    public async Task An_attempt_that_failed_is_replaced_after_a_pause()
    {
        var first = _hedge.ConnectAsync(default);
        for (var failed = 0; failed < 3; failed++)
        {
            Fail(failed);
            await NextAfterAsync(ConnectionTimeouts.RetryPause, made: failed + 1);
        }

        Connect(3, "at last");

        Assert.Equal("at last", await first);
        await _hedge.DisposeAsync();
        Assert.Empty(_closed);
    }

    [Fact]
    public async Task Beside_an_attempt_that_hangs_another_one_begins_and_wins_when_it_is_connected_first()
    {
        var first = _hedge.ConnectAsync(default);
        await NextAfterAsync(ConnectionTimeouts.Hedge, made: 1);
        await NextAfterAsync(ConnectionTimeouts.Hedge, made: 2);

        Connect(1, "second");

        Assert.Equal("second", await first);
        Assert.False(_made[0].Stop.IsCancellationRequested);
        var end = _hedge.DisposeAsync().AsTask();
        Assert.True(_made[0].Stop.IsCancellationRequested);
        Fail(0);
        Connect(2, "third");
        await end;
        Assert.Equal(["third"], _closed);
    }

    [Fact]
    public async Task A_few_are_in_flight_at_most_and_the_next_begins_when_one_of_them_has_failed()
    {
        var first = _hedge.ConnectAsync(default);
        await NextAfterAsync(ConnectionTimeouts.Hedge, made: 1);
        await NextAfterAsync(ConnectionTimeouts.Hedge, made: 2);
        for (var i = 0; i < 3; i++)
        {
            await WaitsAsync(ConnectionTimeouts.Hedge);
            _time.Advance(ConnectionTimeouts.Hedge);
        }

        await WaitsAsync(ConnectionTimeouts.Hedge);
        Assert.Equal(3, Made);
        Fail(1);
        await NextAfterAsync(ConnectionTimeouts.RetryPause, made: 3);

        Connect(3, "fourth");
        Assert.Equal("fourth", await first);
        Fail(0);
        Fail(2);
        await _hedge.DisposeAsync();
    }

    [Fact]
    public async Task An_attempt_that_hangs_may_still_be_the_first()
    {
        var first = _hedge.ConnectAsync(default);
        await NextAfterAsync(ConnectionTimeouts.Hedge, made: 1);
        Fail(1);

        Connect(0, "first");

        Assert.Equal("first", await first);
        await _hedge.DisposeAsync();
    }

    [Fact]
    public async Task A_process_that_is_late_itself_makes_one_attempt_until_it_is_on_time_again()
    {
        // Nothing runs its timer, so it is later with every second.
        using var lag = new ProcessLag(new TimeWithoutTimers(_time));
        await using var hedge = new ConnectionHedge<string>(ConnectAsync, CloseAsync, lag, _time);
        var first = hedge.ConnectAsync(default);
        for (var i = 0; i < 3; i++)
        {
            await WaitsAsync(ConnectionTimeouts.Hedge);
            _time.Advance(ConnectionTimeouts.Hedge);
        }

        await WaitsAsync(ConnectionTimeouts.Hedge);
        Assert.Equal(1, Made);
        Fail(0);
        await NextAfterAsync(ConnectionTimeouts.RetryPause, made: 1);

        Connect(1, "second");
        Assert.Equal("second", await first);
    }

    [Fact]
    public async Task Cancellation_ends_each_attempt()
    {
        using var stop = new CancellationTokenSource();
        var first = _hedge.ConnectAsync(stop.Token);

        await stop.CancelAsync();

        Assert.True(_made[0].Stop.IsCancellationRequested);
        Fail(0);
        Assert.Null(await first);
        await _hedge.DisposeAsync();
        Assert.Equal(1, Made);
    }

    private int Made
    {
        get
        {
            lock (_gate)
                return _made.Count;
        }
    }

    /// <summary>Lets time pass, and checks that the next attempt begins then and not before.</summary>
    private async Task NextAfterAsync(TimeSpan pause, int made)
    {
        await WaitsAsync(pause);
        Assert.Equal(made, Made);
        _time.Advance(pause);
        await Eventually.IsTrueAsync(() => Made == made + 1, "an attempt to begin");
    }

    private async Task WaitsAsync(TimeSpan pause)
    {
        var due = _time.Elapsed + pause;
        await Eventually.IsTrueAsync(() => _time.NextDue == due, $"it to wait for {pause.TotalMilliseconds} ms");
    }

    private void Fail(int index) => _made[index].Result.SetResult(null);

    private void Connect(int index, string what) => _made[index].Result.SetResult(what);

    private Task<string?> ConnectAsync(CancellationToken stop)
    {
        var result = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _made.Add((result, stop));
        return result.Task;
    }

    private Task CloseAsync(string what)
    {
        _closed.Add(what);
        return Task.CompletedTask;
    }
}
