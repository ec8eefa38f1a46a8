using System.Diagnostics;

namespace OrleansCache.Bench.Calls;

/// <summary>A closed loop: each caller calls again as soon as it has been answered.</summary>
internal static class Callers
{
    /// <summary>The calls per second of a number of concurrent callers.</summary>
    public static async Task<double> RateAsync(int callers, TimeSpan duration, Func<Task> call)
    {
        using var stop = new CancellationTokenSource();
        var watch = Stopwatch.StartNew();
        var counting = Enumerable.Range(0, callers).Select(_ => Task.Run(() => CallAsync(call, stop.Token))).ToArray();
        await Task.Delay(duration);
        var elapsed = watch.Elapsed;
        await stop.CancelAsync();
        var calls = await Task.WhenAll(counting);
        return calls.Sum() / elapsed.TotalSeconds;
    }

    private static async Task<long> CallAsync(Func<Task> call, CancellationToken stop)
    {
        var calls = 0L;
        while (!stop.IsCancellationRequested)
        {
            await call();
            calls++;
        }

        return calls;
    }
}
