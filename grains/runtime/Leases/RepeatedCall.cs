using OrleansCache.Entries;
using OrleansCache.Timing;

namespace OrleansCache.Leases;

/// <summary>
/// A call that is repeated, because it or its answer may have been lost, until it is answered or a moment has come from which nobody needs
/// the answer. It must be safe to repeat. An answer to any of the calls counts: where the way is longer than the time after which a call
/// is repeated, the first call is still the first to be answered.
/// </summary>
/// <param name="repeatAfter">The time after which a call without an answer is repeated.</param>
/// <param name="pause">The pause after a call that has failed.</param>
/// <param name="clock">The clock.</param>
internal readonly struct RepeatedCall(TimeSpan repeatAfter, TimeSpan pause, Clock clock)
{
    /// <summary>Makes the call.</summary>
    /// <param name="call">Starts one; null when no further one is needed.</param>
    /// <param name="until">The moment from which the answer is not needed any more, in milliseconds of the clock.</param>
    /// <returns>Whether it was answered or not needed any more, the answer, and otherwise the first failure.</returns>
    public async Task<(bool IsDone, T? Answer, string? Failure)> RunAsync<T>(Func<CancellationToken, Task<T>?> call, long until)
    {
        // What is abandoned is cancelled, so that the other side need not go on.
        using var over = new CancellationTokenSource();
        var open = new List<Task<T>>(1);
        string? failure = null;
        try
        {
            for (var left = until - clock.Now; left > 0; left = until - clock.Now)
            {
                if (Start(call, over.Token) is not { } started)
                    return (true, default, null);
                open.Add(started);
                await WaitAsync(open, Least(left, repeatAfter));
                if (open.Find(one => one.IsCompletedSuccessfully) is { } answered)
                    return (true, await answered, null);
                if (open.RemoveAll(one => Failed(one, ref failure)) > 0)
                    await WaitAsync(open, Least(Math.Max(1, until - clock.Now), pause));
                else
                    failure ??= $"no answer within {repeatAfter.TotalMilliseconds:N0} ms";
            }

            return open.Find(one => one.IsCompletedSuccessfully) is { } last ? (true, await last, null) : (false, default, failure);
        }
        finally
        {
            await over.CancelAsync();
            foreach (var abandoned in open)
                abandoned.ObserveError();
        }
    }

    private static Task<T>? Start<T>(Func<CancellationToken, Task<T>?> call, CancellationToken over)
    {
        try
        {
            return call(over);
        }
        catch (Exception error)
        {
            // A call that cannot even be sent, as to a silo that has left, is one that has failed.
            return Task.FromException<T>(error);
        }
    }

    private static bool Failed<T>(Task<T> call, ref string? failure)
    {
        if (!call.IsCompleted || call.IsCompletedSuccessfully)
            return false;
        failure = call.Exception?.GetBaseException().Message ?? "it was cancelled";
        return true;
    }

    private static TimeSpan Least(long milliseconds, TimeSpan other) =>
        other.TotalMilliseconds < milliseconds ? other : TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Waits until one of the calls has ended, but no longer than a time.</summary>
    private async Task WaitAsync<T>(List<Task<T>> calls, TimeSpan most)
    {
        using var ended = new CancellationTokenSource();
        var time = Task.Delay(most, clock.TimeProvider, ended.Token);
        await Task.WhenAny([.. calls, time]);
        await ended.CancelAsync();
    }
}
