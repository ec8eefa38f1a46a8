using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansCache.Tests.Faults.Load;

/// <summary>
/// Readers of several regions that look books up at a steady rate, whatever becomes of the lookups before (an open loop): a
/// cluster that hesitates finds all that came meanwhile at its door, and each of them counts from when its turn came.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    /// <summary>Lookups a second from each region.</summary>
    public const int Rate = 200;

    // Processes that have just started compile what they run: a tenth of the load is what they bear until then.
    private const int WarmUp = Rate / 10;

    private const double AtOnce = 200;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    // For as long as this the runtime compiles anew, in the background, what turns out to be called often.
    private static readonly TimeSpan FirstCalm = TimeSpan.FromSeconds(5);

    // Only reached when the test fails. A machine that builds something else meanwhile takes its time to start silos.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

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

    /// <summary>Milliseconds since the run began.</summary>
    public double Now => Stopwatch.GetElapsedTime(_origin).TotalMilliseconds;

    /// <summary>Starts a load gently, and waits until it runs at its full rate on a calm cluster.</summary>
    /// <param name="regions">The regions that it comes from.</param>
    /// <param name="pick">Who is to make the next lookup of a region; null for nobody.</param>
    /// <param name="rate">Lookups a second from each region.</param>
    public static async Task<SteadyLoad> StartAsync(IEnumerable<string> regions, Func<string, Reader?> pick, int rate = Rate)
    {
        var load = new SteadyLoad(pick);
        load._work = Task.WhenAll(regions.Select(region => Task.Run(() => load.RunAsync(region))));
        try
        {
            await load.WhenCalmAsync();
            load._rate = rate;
            await load.WhenCalmAsync(FirstCalm);
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits until every lookup of the last second was answered at once by its own region, as it is when nothing is wrong and the
    /// silos that have just started have compiled what they run.
    /// </summary>
    public Task WhenCalmAsync() => WhenCalmAsync(Calm);

    /// <summary>Waits until every lookup of a region's readers, for a second, was answered by that region.</summary>
    public Task WhenByItselfAsync(params string[] regions) =>
        WhenAsync(Calm, sample => sample.ByItself || !regions.Contains(sample.Region), $"{string.Join(" and ", regions)} answer for themselves");

    /// <summary>Lets the load go on until a moment of the run: for what is to be seen over a span of time.</summary>
    public Task UntilAsync(double moment) => Task.Delay(TimeSpan.FromMilliseconds(Math.Max(0, moment - Now)));

    /// <summary>The lookups that started within a span of the run, once all of them have ended.</summary>
    public async Task<Window> BetweenAsync(string name, double from, double to)
    {
        Task[] open = [.. _open.Values];
        await Task.WhenAll(open);
        lock (_gate)
            return new(name, [.. _samples.Where(sample => sample.Started >= from && sample.Started < to)]);
    }

    /// <summary>The lookups since a moment of the run, once they have ended.</summary>
    public Task<Window> SinceAsync(string name, double from) => BetweenAsync(name, from, Now);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _work;
        await Task.WhenAll(_open.Values);
        _stopping.Dispose();
    }

    private Task WhenCalmAsync(TimeSpan span) => WhenAsync(
        span,
        sample => sample is { ByItself: true, Attempts: 0, Flags: LookupFlags.None, Late: < AtOnce, Latency: < AtOnce },
        $"every lookup is answered within {AtOnce} ms by its own region");

    private async Task WhenAsync(TimeSpan span, Func<Sample, bool> condition, string what)
    {
        var from = Now;
        while (true)
        {
            await Task.Delay(50);
            List<Sample> recent;
            lock (_gate)
                recent = Recent(Math.Max(from, Now - (3 * span.TotalMilliseconds)));
            Sample[] bad = [.. recent.Where(sample => !condition(sample))];
            // A span that began with the wait, or with the last lookup that was not so, and is full of those that were.
            var begin = bad.Select(sample => sample.Started).Append(recent.Select(sample => sample.Started).DefaultIfEmpty(double.MaxValue).Min()).Max();
            if (recent.Count > 0 && recent.Max(sample => sample.Started) - begin >= span.TotalMilliseconds)
                return;
            if (Now - from > Bound.TotalMilliseconds)
                throw new TimeoutException($"Not within {Bound.TotalSeconds:0} s: {what}. Of the last {recent.Count} lookups {bad.Length} were not so: {string.Join("; ", bad.TakeLast(3).Select(sample => sample.ToString()))}");
        }
    }

    private List<Sample> Recent(double from)
    {
        var recent = new List<Sample>();
        // Lookups end out of order, but not by more than their deadline allows.
        for (var i = _samples.Count - 1; i >= 0 && _samples[i].Started > from - 3_000; i--)
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
                _ = lookup.ContinueWith(_ => _open.TryRemove(number, out Task? _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
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
            sample = new(started, turn - started, Now - turn, reader.Region, result.Region, result.FailedAttempts.Count, result.Flags, wrong);
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
