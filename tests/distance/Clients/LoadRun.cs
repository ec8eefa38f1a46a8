using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using OrleansCache.Client;
using OrleansCache.TestSupport;

namespace OrleansCache.Distance.Clients;

/// <summary>
/// Looks books up at a steady rate, however long the answers take (an open loop): slow answers do not slow the questions down. A latency
/// counts from the moment at which its lookup was due, so that nothing is left out while this process itself was late.
/// </summary>
internal sealed partial class LoadRun
{
    private const int MostMessages = 5;
    private const double ZipfExponent = 0.9;

    private readonly IBookCache _cache;
    private readonly GetOptions _options;
    private readonly int _rate;
    private readonly string[] _keys;
    private readonly ZipfSampler? _popularity;
    private readonly Lookup[] _lookups;
    private readonly ConcurrentDictionary<string, string> _messages = new();

    public LoadRun(IBookCache cache, string region, int rate, TimeSpan duration, string prefix, int keys, bool byPopularity)
    {
        _cache = cache;
        _options = new() { Region = region };
        _rate = rate;
        _keys = [.. Enumerable.Range(0, keys).Select(i => string.Create(CultureInfo.InvariantCulture, $"{prefix}{i}"))];
        _popularity = byPopularity ? new(keys, ZipfExponent, seed: rate) : null;
        _lookups = new Lookup[(int)(rate * duration.TotalSeconds)];
    }

    private enum Outcome : byte
    {
        Answered,
        Refused,
        Failed,
    }

    public async Task<LoadLine> RunAsync(CancellationToken cancellation)
    {
        var tasks = new Task[_lookups.Length];
        // A thread of its own keeps the pace while the pool's threads are busy.
        var latest = await Task.Factory.StartNew(
            () => Start(tasks, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(tasks.Where(task => task is not null));
        return new(
            FiguresOf(_lookups),
            [.. _lookups.Chunk(_rate).Select(FiguresOf)],
            [.. _messages.Values.Order(StringComparer.Ordinal)],
            Math.Round(Milliseconds(latest), 1));
    }

    private static double Milliseconds(long ticks) => ticks * 1_000.0 / Stopwatch.Frequency;

    private static LoadFigures FiguresOf(Lookup[] lookups)
    {
        Lookup[] answered = [.. lookups.Where(lookup => lookup.Outcome is Outcome.Answered)];
        double[] latencies = [.. answered.Select(lookup => Milliseconds(lookup.Took)).Order()];
        return new(
            lookups.Length,
            latencies.Length,
            lookups.Count(lookup => lookup.Outcome is Outcome.Failed),
            lookups.Count(lookup => lookup.Outcome is Outcome.Refused),
            lookups.Count(lookup => lookup.IsFlagged),
            lookups.Count(lookup => lookup.IsHedged),
            At(0.5), At(0.9), At(0.99), At(1),
            answered.CountBy(lookup => lookup.Tier).ToDictionary());

        double At(double part) =>
            latencies.Length == 0 ? 0 : Math.Round(latencies[Math.Min((int)(latencies.Length * part), latencies.Length - 1)], 2);
    }

    /// <summary>Starts every lookup when it is due.</summary>
    /// <returns>The longest delay of a start.</returns>
    private long Start(Task[] tasks, CancellationToken cancellation)
    {
        var (begin, latest) = (Stopwatch.GetTimestamp(), 0L);
        for (var i = 0; i < tasks.Length && !cancellation.IsCancellationRequested; i++)
        {
            var due = begin + i * Stopwatch.Frequency / _rate;
            for (var now = Stopwatch.GetTimestamp(); now < due; now = Stopwatch.GetTimestamp())
                Thread.Sleep(Math.Max(1, (int)Milliseconds(due - now)));
            latest = Math.Max(latest, Stopwatch.GetTimestamp() - due);
            tasks[i] = LookUpAsync(i, _keys[_popularity?.Next() ?? i % _keys.Length], due, cancellation);
        }

        return latest;
    }

    private async Task LookUpAsync(int number, string key, long due, CancellationToken cancellation)
    {
        try
        {
            var result = await _cache.GetAsync(key, _options, cancellation);
            var (isFlagged, isHedged) = (result.Flags is not LookupFlags.None, result.FailedAttempts.Count > 0);
            _lookups[number] = new(Stopwatch.GetTimestamp() - due, Outcome.Answered, result.Tier, isFlagged, isHedged);
        }
        catch (LookupRefusedException)
        {
            _lookups[number] = new(Stopwatch.GetTimestamp() - due, Outcome.Refused);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            _lookups[number] = new(Stopwatch.GetTimestamp() - due, Outcome.Failed);
            if (_messages.Count < MostMessages)
                _messages.TryAdd(Numbers().Replace(error.Message, "#"), error.Message);
        }
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();

    private readonly record struct Lookup(long Took, Outcome Outcome, Tier Tier = default, bool IsFlagged = false, bool IsHedged = false);
}
