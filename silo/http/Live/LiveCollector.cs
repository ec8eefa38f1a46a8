using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansCache.Client;

namespace OrleansCache.Http;

/// <summary>
/// Asks every region once a second for the statistics of its silos, for the keys that are hot there and for its ring, and tells all viewers
/// what it has seen. It runs only while somebody watches. A region that does not answer delays no other one, and no error ends it.
/// </summary>
internal sealed partial class LiveCollector(
    ICacheOperations operations,
    RegionMap regions,
    ILocalSilo silo,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<LiveCollector> logger) : IAsyncDisposable
{
    /// <summary>The most viewers at a time.</summary>
    public const int MostViewers = 64;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // A viewer that reads too slowly misses seconds, and holds nothing up.
    private static readonly BoundedChannelOptions PerViewer = new(2) { FullMode = BoundedChannelFullMode.DropOldest };

    private readonly Lock _lock = new();
    private readonly LiveState _state = new(regions, silo.Name, silo.Region, time);
    private readonly List<Channel<string>> _viewers = [];
    private CancellationTokenSource? _stop;
    private Task _run = Task.CompletedTask;

    /// <summary>Whether it asks; for tests.</summary>
    internal bool IsRunning
    {
        get
        {
            lock (_lock)
                return _stop is not null;
        }
    }

    /// <summary>Lets one more viewer watch, unless there are as many as there may be.</summary>
    /// <returns>The messages, one a second, until cancelled or until the server stops; null for no permission.</returns>
    public IAsyncEnumerable<string>? TryWatch(CancellationToken cancellation)
    {
        var viewer = Channel.CreateBounded<string>(PerViewer);
        lock (_lock)
        {
            if (_viewers.Count >= MostViewers || lifetime.ApplicationStopping.IsCancellationRequested)
                return null;
            viewer.Writer.TryWrite(Write(_state.Begin()));
            _viewers.Add(viewer);
            if (_stop is null)
            {
                _stop = new();
                _run = RunAsync(_run, _stop.Token);
            }
        }

        return ReadAsync(viewer, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Task run;
        lock (_lock)
        {
            _viewers.Clear();
            Stop();
            run = _run;
        }

        await run.ConfigureAwait(false);
    }

    private static string Write(LiveMessage message) => JsonSerializer.Serialize(message, LiveJson.Default.LiveMessage);

    private async IAsyncEnumerable<string> ReadAsync(
        Channel<string> viewer, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        try
        {
            // Without an error at the end: the stream of a server that stops ends as one that is complete.
            while (await WaitAsync(viewer.Reader, end.Token).ConfigureAwait(false))
            {
                while (viewer.Reader.TryRead(out var message))
                    yield return message;
            }
        }
        finally
        {
            Leave(viewer);
        }
    }

    private static async Task<bool> WaitAsync(ChannelReader<string> reader, CancellationToken end)
    {
        try
        {
            return await reader.WaitToReadAsync(end).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Leave(Channel<string> viewer)
    {
        lock (_lock)
        {
            _viewers.Remove(viewer);
            if (_viewers.Count == 0)
                Stop();
        }
    }

    private void Stop()
    {
        _stop?.Cancel();
        _stop?.Dispose();
        _stop = null;
    }

    /// <summary>Runs until nobody watches.</summary>
    private async Task RunAsync(Task former, CancellationToken stop)
    {
        // Never on the caller's thread, which holds the lock.
        await Task.Yield();
        await former.ConfigureAwait(false);
        await Task.WhenAll([.. regions.Names.Select(region => RepeatAsync(() => AskAsync(region, stop), stop)), PublishAsync(stop)])
            .ConfigureAwait(false);
    }

    private async Task PublishAsync(CancellationToken stop)
    {
        await RepeatAsync(
            () =>
            {
                Tell(Write(_state.EndSecond()));
                return Task.CompletedTask;
            },
            stop).ConfigureAwait(false);
    }

    private void Tell(string message)
    {
        lock (_lock)
        {
            foreach (var viewer in _viewers)
                viewer.Writer.TryWrite(message);
        }
    }

    private async Task RepeatAsync(Func<Task> work, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Second, time);
        try
        {
            do
            {
                try
                {
                    await work().ConfigureAwait(false);
                }
                catch (Exception error) when (!stop.IsCancellationRequested)
                {
                    LogFailed(error);
                }
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody watches any more.
        }
    }

    private async Task AskAsync(string region, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        var silos = TryAsync(operations.GetStatisticsAsync(region, end.Token));
        var ring = TryAsync(operations.GetRingAsync(region, end.Token));
        var hotKeys = TryAsync(operations.GetHotKeysAsync(region, end.Token));
        var (reports, noReports) = await silos.ConfigureAwait(false);
        var (nodes, noRing) = await ring.ConfigureAwait(false);
        // Silos of a former version do not say which keys are hot, which is no problem of the region.
        var (hot, _) = await hotKeys.ConfigureAwait(false);
        if (!stop.IsCancellationRequested)
            _state.Take(region, new(reports, nodes, noReports ?? noRing, hot));
    }

    private static async Task<(T? Answer, string? Problem)> TryAsync<T>(Task<T> asked)
        where T : class
    {
        try
        {
            return (await asked.ConfigureAwait(false), null);
        }
        catch (OperationCanceledException)
        {
            return (null, $"It did not answer within {Patience.TotalSeconds:0} s");
        }
        catch (Exception error)
        {
            return (null, error.Message);
        }
    }

    [LoggerMessage(EventId = 2200, Level = LogLevel.Error, Message = "The page missed a second, because of an error; it goes on")]
    private partial void LogFailed(Exception error);
}
