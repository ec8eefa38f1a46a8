using System.Diagnostics;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Popularity;
using OrleansCache.Client;

namespace OrleansCache.Bench.Steady;

/// <summary>An open loop: an application that looks books up at a constant rate, independent of the answers.</summary>
internal sealed class PacedReader(IBookCache cache, string region, BookPopularity popularity, int rate, Random random)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    // The rate rises during this time, because the first calls are slowed down by just-in-time compilation.
    private static readonly TimeSpan RampUp = TimeSpan.FromSeconds(10);

    private readonly GetOptions _options = new() { Region = region };
    private readonly string[] _keys = [.. Enumerable.Range(0, popularity.Books).Select(Shelf.Key)];
    private long _answered;
    private long _near;
    private long _failed;

    public (long Answered, long Near, long Failed) Counts =>
        (Volatile.Read(ref _answered), Volatile.Read(ref _near), Volatile.Read(ref _failed));

    public async Task RunAsync(CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Tick);
        for (var asked = 0L; !stop.IsCancellationRequested;)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            for (var due = Due(Stopwatch.GetElapsedTime(began)); asked < due; asked++)
                _ = AskAsync(_keys[popularity.Draw(random)]);
        }
    }

    /// <summary>The number of lookups that must have started by a given time.</summary>
    private long Due(TimeSpan elapsed) => elapsed < RampUp
        ? (long)(elapsed.TotalSeconds * elapsed.TotalSeconds / RampUp.TotalSeconds / 2 * rate)
        : (long)((elapsed - (RampUp / 2)).TotalSeconds * rate);

    private async Task AskAsync(string key)
    {
        try
        {
            var result = await cache.GetAsync(key, _options);
            if (result.Tier is Tier.Near)
                Interlocked.Increment(ref _near);
            Interlocked.Increment(ref _answered);
        }
        catch (CacheException error)
        {
            if (Interlocked.Increment(ref _failed) == 1)
                Console.Error.WriteLine($"First failed lookup in {region}: {error.Message}");
        }
    }
}
