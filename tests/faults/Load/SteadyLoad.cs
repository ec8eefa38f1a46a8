using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansCache.Tests.Faults.Load;

/// <summary>
/// Readers of several regions that look books up at a constant rate, without waiting for responses (an open loop): if a cluster is slow,
/// lookups pile up. The latency of each counts from the time at which it was due.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    /// <summary>Lookups a second from each region.</summary>
    public const int Rate = 200;

    // Processes that have just started compile their code, and get only a tenth of the load until then.
    private const int WarmUp = Rate / 10;

    // The share of lookups in a steady second that may be slow or answered by another region, since the machine may be busy.
    private const double Tolerance = 0.05;

    // Milliseconds.
    private const double Fast = 200;
    private const double Late = 500;

    private static readonly TimeSpan SteadySpan = TimeSpan.FromSeconds(1);

    // Only a failing test reaches it.
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private readonly long _origin = Stopwatch.GetTimestamp();
    private readonly Shelf _shelf = new();
    private readonly Func<string, Reader?> _pick;
    private readonly Lock _gate = new();
    private readonly List<Sample> _samples = [];
    private readonly ConcurrentDictionary<long, Task> _open = new();
    private readonly CancellationTokenSource _stopping = new();
    private volatile int _rate = WarmUp;
    private long _numbers;
    private Task _work = Task.CompletedTask;

    private SteadyLoad(Func<string, Reader?> pick) => _pick = pick;

    /// <summary>Milliseconds since the start of the run.</summary>
    public double Now => Stopwatch.GetElapsedTime(_origin).TotalMilliseconds;

    /// <summary>Starts a load at a low rate, and waits until it runs at its full rate on a steady cluster.</summary>
    /// <param name="regions">The readers' regions.</param>
    /// <param name="pick">Picks the reader of the next lookup of a region; null when there is none.</param>
    /// <param name="rate">Lookups a second from each region.</param>
    public static async Task<SteadyLoad> StartAsync(IEnumerable<string> regions, Func<string, Reader?> pick, int rate = Rate)
    {
        var load = new SteadyLoad(pick);
        load._work = Task.WhenAll(regions.Select(region => Task.Run(() => load.RunAsync(region))));
        try
        {
            await load.WhenSteadyAsync();
            load._rate = rate;
            await load.WhenSteadyAsync();
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits until, for a second, lookups were answered fast and by their own region: no fault is active, and started silos have compiled
    /// their code.
    /// </summary>
    public Task WhenSteadyAsync() => WhenAsync(
        sample => sample is { ByItself: true, Attempts: 0, Flags: LookupFlags.None, Late: < Fast, Latency: < Fast },
        Tolerance,
        $"lookups are answered within {Fast} ms by their own region");

    /// <summary>Waits until, for a second, the lookups of these regions' readers were answered by their own region.</summary>
    public Task WhenByItselfAsync(params string[] regions) => WhenAsync(
        sample => sample.ByItself || !regions.Contains(sample.Region),
        Tolerance,
        $"{string.Join(" and ", regions)} answer for themselves");

    /// <summary>Waits until, for a second, no answer was flagged.</summary>
    public Task WhenUnflaggedAsync() => WhenAsync(sample => sample.Flags is LookupFlags.None, 0, "no answer is flagged");

    /// <summary>Waits until, for a second, no lookup failed.</summary>
    public Task WhenUnfailedAsync() => WhenAsync(sample => !sample.Failed, 0, "no lookup fails");

    /// <summary>Waits until a time of the run, to observe a span of time.</summary>
    public Task UntilAsync(double moment) => Task.Delay(TimeSpan.FromMilliseconds(Math.Max(0, moment - Now)));

    /// <summary>The lookups that started within a span of the run, after all of them have ended.</summary>
    public async Task<Window> BetweenAsync(string name, double from, double to)
    {
        Task[] open = [.. _open.Values];
        await Task.WhenAll(open);
        lock (_gate)
            return new(name, [.. _samples.Where(sample => sample.Started >= from && sample.Started < to)]);
    }

    /// <summary>The lookups since a time of the run, after they have ended.</summary>
    public Task<Window> SinceAsync(string name, double from) => BetweenAsync(name, from, Now);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _work;
        await Task.WhenAll(_open.Values);
        _stopping.Dispose();
    }

    /// <summary>Waits until, for a second from now on, a condition held for all lookups but a tolerated share.</summary>
    private async Task WhenAsync(Func<Sample, bool> condition, double tolerance, string what)
    {
        var from = Now;
        while (true)
        {
            await Task.Delay(50);
            Sample[] recent;
            lock (_gate)
                recent = [.. Recent(Math.Max(from, Now - SteadySpan.TotalMilliseconds - Late))];
            Sample[] bad = [.. recent.Where(sample => !condition(sample))];
            var isWhole = recent.Length > 0
                && recent.Max(sample => sample.Started) - recent.Min(sample => sample.Started) >= SteadySpan.TotalMilliseconds;
            if (isWhole && bad.Length <= tolerance * recent.Length)
                return;
            if (Now - from > Bound.TotalMilliseconds)
            {
                throw new TimeoutException(
                    $"Not within {Bound.TotalSeconds:0} s: {what}. {bad.Length} of the last {recent.Length} lookups did not meet the "
                    + "condition: "
                    + string.Join("; ", bad.TakeLast(3).Select(sample => sample.ToString())));
            }
        }
    }

    private List<Sample> Recent(double from)
    {
        var recent = new List<Sample>();
        // Lookups end out of order, but not by more than their deadline.
        for (var i = _samples.Count - 1; i >= 0 && _samples[i].Started > from - Reader.Deadline.TotalMilliseconds; i--)
        {
            if (_samples[i].Started >= from)
                recent.Add(_samples[i]);
        }

        return recent;
    }

    private async Task RunAsync(string region)
    {
        var random = new Random(region.Length);
        var next = Now;
        while (!_stopping.IsCancellationRequested)
        {
            for (; next <= Now; next += 1_000.0 / _rate)
            {
                var number = Interlocked.Increment(ref _numbers);
                var (started, key) = (next, _shelf.Next(random));
                if (_pick(region) is not { } reader || !reader.TryHold())
                    continue;
                var turn = Now;
                var lookup = Task.Run(() => LookupAsync(reader, key, started, turn));
                _open[number] = lookup;
                _ = lookup.ContinueWith(
                    _ => _open.TryRemove(number, out Task? _),
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            }

            await Task.Delay(4);
        }
    }

    private async Task LookupAsync(Reader reader, string key, double started, double turn)
    {
        Sample sample;
        try
        {
            var result = await reader.LookupAsync(key);
            var wrong = result.Book?.Title == Shelf.TitleOf(key) ? null : $"{key} was answered with {result.Book?.Title ?? "nothing"}";
            var failedAttempts = result.FailedAttempts.Count;
            sample = new(started, turn - started, Now - turn, reader.Region, result.Region, failedAttempts, result.Flags, wrong);
        }
        catch (Exception error)
        {
            sample = new(started, turn - started, Now - turn, reader.Region, null, 0, LookupFlags.None, error.Message);
        }
        finally
        {
            reader.Release();
        }

        lock (_gate)
            _samples.Add(sample);
    }
}
