using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansCache.Client;

namespace OrleansCache.Bench.Unreachable;

/// <summary>An open loop: an application that looks one book up at a constant rate, independent of the answers.</summary>
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

    /// <summary>The lookups that began between two timestamps.</summary>
    public IEnumerable<Read> Between(long from, long to) => _reads.Where(read => read.Began >= from && read.Began < to);

    private async Task ReadAsync(GetOptions options)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var result = await cache.GetAsync(key, options);
            var flaw = result.Flags is LookupFlags.None ? "" : $"{result.Flags}";
            _reads.Enqueue(new(began, Stopwatch.GetElapsedTime(began).TotalMilliseconds, flaw));
        }
        catch (CacheException)
        {
            _reads.Enqueue(new(began, Stopwatch.GetElapsedTime(began).TotalMilliseconds, "failed"));
        }
    }

    /// <param name="Began">A timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="Milliseconds">The duration.</param>
    /// <param name="Flaw">The answer's flags, or "failed"; empty if there are none.</param>
    internal readonly record struct Read(long Began, double Milliseconds, string Flaw);
}
