using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansCache.Client;

namespace OrleansCache.Bench.Unreachable;

/// <summary>An application that reads one book at an even rate, whether or not it has been answered.</summary>
internal sealed class EvenReader(IBookCache cache, string region, string key)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentQueue<Read> _reads = [];

    public async Task RunAsync(CancellationToken stop)
    {
        var options = new GetOptions { Region = region };
        using var timer = new PeriodicTimer(Pause);
        var underWay = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            underWay.RemoveAll(read => read.IsCompleted);
            underWay.Add(ReadAsync(options));
        }

        await Task.WhenAll(underWay);
    }

    /// <summary>The reads that began between two moments.</summary>
    public IEnumerable<Read> Between(long from, long to) => _reads.Where(read => read.Began >= from && read.Began < to);

    private async Task ReadAsync(GetOptions options)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var result = await cache.GetAsync(key, options);
            _reads.Enqueue(new(began, Stopwatch.GetElapsedTime(began).TotalMilliseconds, result.Flags is LookupFlags.None ? "" : $"{result.Flags}"));
        }
        catch (CacheException)
        {
            _reads.Enqueue(new(began, Stopwatch.GetElapsedTime(began).TotalMilliseconds, "failed"));
        }
    }

    /// <param name="Began">The moment of the machine's monotonic clock.</param>
    /// <param name="Milliseconds">How long it took.</param>
    /// <param name="Flaw">What it had to give up; empty when nothing.</param>
    internal readonly record struct Read(long Began, double Milliseconds, string Flaw);
}
