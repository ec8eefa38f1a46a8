using OrleansCache.Timing;

namespace OrleansCache.Client;

/// <summary>
/// Connects with hedging: while an attempt hangs, as one does whose first request went to a silo that was just starting or was just lost,
/// another one is started in parallel, and the first that is connected wins. Not in a process that itself is late: there every attempt is
/// slow, and another one would only add to the load. An attempt retries by itself what fails at once; an attempt that has failed as a whole
/// is replaced after a pause.
/// </summary>
/// <typeparam name="T">The result of a connected attempt.</typeparam>
/// <param name="connect">Makes an attempt; its result is null when it has failed or was cancelled.</param>
/// <param name="close">Closes the result of an attempt that did not win.</param>
/// <param name="lag">How late this process itself runs.</param>
/// <param name="time">The time.</param>
internal sealed class ConnectionHedge<T>(
    Func<CancellationToken, Task<T?>> connect, Func<T, Task> close, ProcessLag lag, TimeProvider time)
    : IAsyncDisposable
    where T : class
{
    // Each attempt is a cluster client of its own, and at a region that is down all of them hang.
    private const int MaxAttempts = 3;

    private readonly List<Task<T?>> _attempts = [];
    private readonly CancellationTokenSource _over = new();

    /// <summary>Makes attempts until one is connected.</summary>
    /// <returns>The result of the first one; null when it was cancelled before.</returns>
    public async Task<T?> ConnectAsync(CancellationToken cancellation)
    {
        using var stopped = cancellation.Register(_over.Cancel);
        while (!_over.IsCancellationRequested)
        {
            if (_attempts.Count == 0 || (_attempts.Count < MaxAttempts && lag.Current < ConnectionTimeouts.LagWithoutHedge))
                _attempts.Add(connect(_over.Token));
            if (await FirstConnectedAsync().ConfigureAwait(false) is { } connected)
                return connected;
        }

        return null;
    }

    /// <summary>Cancels the other attempts, and waits until they have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        foreach (var late in await Task.WhenAll(_attempts).ConfigureAwait(false))
        {
            if (late is not null)
                await close(late).ConfigureAwait(false);
        }

        _over.Dispose();
    }

    /// <summary>
    /// Waits until an attempt is connected, or the next one should begin (null): after the hedge delay, or a pause after a failed one.
    /// </summary>
    private async Task<T?> FirstConnectedAsync()
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
        try
        {
            var next = Task.Delay(ConnectionTimeouts.Hedge, time, ended.Token);
            while (!next.IsCompleted)
            {
                await Task.WhenAny([.. _attempts, next]).ConfigureAwait(false);
                while (_attempts.Find(attempt => attempt.IsCompleted) is { } attempt)
                {
                    _attempts.Remove(attempt);
                    if (await attempt.ConfigureAwait(false) is { } connected)
                        return connected;
                    next = Task.Delay(ConnectionTimeouts.RetryPause, time, ended.Token);
                }
            }

            return null;
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }
}
