using OrleansCache.Client;
using OrleansCache.TestSupport;
using Xunit;

namespace OrleansCache.Tests.Client.Connections;

public sealed class ConnectionTriesTests
{
    private readonly ManualTimeProvider _time = new();
    // Tries are made on whichever thread moves time.
    private readonly Lock _gate = new();
    private readonly List<(TaskCompletionSource<string?> Result, CancellationToken Stop)> _made = [];
    private readonly List<string> _closed = [];
    private readonly ConnectionTries<string> _tries;

    public ConnectionTriesTests() => _tries = new(ConnectAsync, CloseAsync, _time);

    [Fact]
    public async Task After_one_that_failed_there_is_a_pause_that_gets_longer()
    {
        var first = _tries.FirstAsync(default);
        Fail(0);
        foreach (var (i, milliseconds) in new[] { 100, 200, 400, 800, 800, 800 }.Index())
        {
            await PauseAsync(TimeSpan.FromMilliseconds(milliseconds), made: i + 1);
            Fail(i + 1);
        }

        await PauseAsync(TimeSpan.FromMilliseconds(800), made: 7);
        Connect(7, "at last");
        Assert.Equal("at last", await first);
        await _tries.DisposeAsync();
        Assert.Empty(_closed);
    }

    [Fact]
    public async Task Beside_one_that_hangs_another_one_begins_and_counts_when_it_is_the_first()
    {
        var first = _tries.FirstAsync(default);
        foreach (var (i, seconds) in new[] { 1, 2 }.Index())
            await PauseAsync(TimeSpan.FromSeconds(seconds), made: i + 1);

        Connect(1, "second");

        Assert.Equal("second", await first);
        Assert.False(_made[0].Stop.IsCancellationRequested);
        var end = _tries.DisposeAsync().AsTask();
        Assert.True(_made[0].Stop.IsCancellationRequested);
        Fail(0);
        Connect(2, "third");
        await end;
        Assert.Equal(["third"], _closed);
    }

    [Fact]
    public async Task A_few_are_under_way_at_most_and_the_next_begins_when_one_of_them_has_failed()
    {
        var first = _tries.FirstAsync(default);
        await PauseAsync(TimeSpan.FromSeconds(1), made: 1);
        await PauseAsync(TimeSpan.FromSeconds(2), made: 2);
        for (var i = 0; i < 3; i++)
        {
            await WaitsAsync(TimeSpan.FromSeconds(4));
            _time.Advance(TimeSpan.FromSeconds(4));
        }

        await WaitsAsync(TimeSpan.FromSeconds(4));
        Assert.Equal(3, Made);
        Fail(1);
        await PauseAsync(TimeSpan.FromSeconds(4), made: 3);

        Connect(3, "fourth");
        Assert.Equal("fourth", await first);
        Fail(0);
        Fail(2);
        await _tries.DisposeAsync();
    }

    [Fact]
    public async Task When_all_have_failed_the_head_starts_begin_anew()
    {
        var first = _tries.FirstAsync(default);
        await PauseAsync(TimeSpan.FromSeconds(1), made: 1);
        Fail(0);
        Fail(1);
        await PauseAsync(TimeSpan.FromMilliseconds(100), made: 2);

        await PauseAsync(TimeSpan.FromSeconds(1), made: 3);

        Connect(3, "fourth");
        Assert.Equal("fourth", await first);
        Fail(2);
        await _tries.DisposeAsync();
    }

    [Fact]
    public async Task One_that_hangs_may_still_be_the_first()
    {
        var first = _tries.FirstAsync(default);
        await PauseAsync(TimeSpan.FromSeconds(1), made: 1);
        Fail(1);

        Connect(0, "first");

        Assert.Equal("first", await first);
        await _tries.DisposeAsync();
    }

    [Fact]
    public async Task Who_ends_it_ends_each_try()
    {
        using var stop = new CancellationTokenSource();
        var first = _tries.FirstAsync(stop.Token);

        await stop.CancelAsync();

        Assert.True(_made[0].Stop.IsCancellationRequested);
        Fail(0);
        Assert.Null(await first);
        await _tries.DisposeAsync();
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

    /// <summary>Lets so much time pass, and sees that the next try begins then and not before.</summary>
    private async Task PauseAsync(TimeSpan pause, int made)
    {
        await WaitsAsync(pause);
        Assert.Equal(made, Made);
        _time.Advance(pause);
        await Eventually.IsTrueAsync(() => Made == made + 1, "a try to begin");
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
