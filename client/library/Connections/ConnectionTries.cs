namespace OrleansCache.Client;

/// <summary>
/// Tries to connect for as long as it takes:
/// 1. after a try that has failed there is a pause, twice as long each time, up to 800 ms: so a region that is back is found within a lookup's usual deadline, also when all others have gone;
/// 2. beside one that hangs, as one does whose first question went to a silo that was just starting or was lost just then, another one begins
///    after a head start of a second, twice as long each time, up to four seconds, until all have failed; a few of them are under way at most;
/// 3. the first that is connected counts; the others are given up when this is disposed of.
/// </summary>
/// <typeparam name="T">What a connected try comes to.</typeparam>
/// <param name="connect">Makes a try; null when it has failed or was given up.</param>
/// <param name="close">Closes what came of a try that does not count.</param>
/// <param name="time">The time.</param>
internal sealed class ConnectionTries<T>(Func<CancellationToken, Task<T?>> connect, Func<T, Task> close, TimeProvider time) : IAsyncDisposable
    where T : class
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan FirstHeadStart = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHeadStart = TimeSpan.FromSeconds(4);

    // Each is a client of its own, and at a region that is down they hang on some engines for as long as a try may take.
    private const int MostAtOnce = 3;

    private readonly List<Task<T?>> _tries = [];
    private readonly CancellationTokenSource _over = new();

    /// <summary>Makes tries until one is connected.</summary>
    /// <param name="cancellation">Ends it, and each try.</param>
    /// <returns>What the first one came to; null when it was ended before.</returns>
    public async Task<T?> FirstAsync(CancellationToken cancellation)
    {
        using var stopped = cancellation.Register(_over.Cancel);
        var (pause, headStart) = (FirstPause, FirstHeadStart);
        while (!_over.IsCancellationRequested)
        {
            if (_tries.Count < MostAtOnce)
                _tries.Add(connect(_over.Token));
            if (await ConnectedAsync(headStart).ConfigureAwait(false) is { } connected)
                return connected;
            if (_tries.Count > 0)
            {
                headStart = TimeSpan.FromTicks(Math.Min(2 * headStart.Ticks, LongestHeadStart.Ticks));
                continue;
            }

            await Task.Delay(pause, time, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
            headStart = FirstHeadStart;
        }

        return null;
    }

    /// <summary>Gives up what is still under way, and waits until it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        foreach (var late in await Task.WhenAll(_tries).ConfigureAwait(false))
        {
            if (late is not null)
                await close(late).ConfigureAwait(false);
        }

        _over.Dispose();
    }

    /// <summary>What the first connected one of the tries comes to; null when all have failed, or the head start of the latest is over.</summary>
    private async Task<T?> ConnectedAsync(TimeSpan headStart)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
        var alone = Task.Delay(headStart, time, ended.Token);
        while (_tries.Count > 0 && !alone.IsCompleted)
        {
            await Task.WhenAny(_tries.Append(alone)).ConfigureAwait(false);
            while (_tries.Find(one => one.IsCompleted) is { } one)
            {
                _tries.Remove(one);
                if (await one.ConfigureAwait(false) is { } connected)
                {
                    await ended.CancelAsync().ConfigureAwait(false);
                    return connected;
                }
            }
        }

        await ended.CancelAsync().ConfigureAwait(false);
        return null;
    }
}
