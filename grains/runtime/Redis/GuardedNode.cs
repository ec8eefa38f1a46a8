using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using OrleansCache.Timing;

namespace OrleansCache.Redis;

/// <summary>
/// A node made of a store: every call has a budget, the number of calls in flight has a cap, and a circuit opens after repeated
/// failures. While it is open, calls are refused at once, and a probe in the background closes the circuit when the node responds
/// again, so that no reader's call is spent on finding that out. What this process misses because it is late itself is no failure of the
/// node.
/// </summary>
internal sealed partial class GuardedNode : INode
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly string _address;
    private readonly INodeStore _store;
    private readonly NodeOptions _settings;
    private readonly TimeProvider _time;
    private readonly ProcessLag _lag;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<NodeEntry?> _circuit;
    private readonly CircuitBreakerManualControl _control = new();
    private readonly SemaphoreSlim _places;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private volatile bool _isAvailable = true;
    private int _overdue;
    private Task _probing = Task.CompletedTask;

    public GuardedNode(
        string name, string address, INodeStore store, NodeOptions settings, TimeProvider time, ProcessLag lag, ILogger logger)
    {
        Name = name;
        _address = address;
        _store = store;
        _settings = settings;
        _time = time;
        _lag = lag;
        _logger = logger;
        _places = new(settings.MaxInFlight);
        _circuit = new ResiliencePipelineBuilder<NodeEntry?> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<NodeEntry?>
            {
                FailureRatio = settings.FailureRatio,
                MinimumThroughput = settings.MinimumThroughput,
                SamplingDuration = SamplingOf(settings),
                // Only the probe closes the circuit, by monotonic timers; Polly's own break uses the wall clock, which may jump.
                BreakDuration = Longest,
                ManualControl = _control,
                ShouldHandle = static outcome => ValueTask.FromResult(IsFailureOfNode(outcome.Outcome.Exception)),
                OnOpened = opened => Opened(opened.Outcome.Exception),
                OnClosed = _ => Closed(),
            })
            .Build();
    }

    public string Name { get; }

    public bool IsAvailable => _isAvailable;

    public Action<INode>? Changed { get; set; }

    /// <summary>The calls in flight, including those that their callers have given up.</summary>
    internal int InFlight => _settings.MaxInFlight - _places.CurrentCount;

    public ValueTask<NodeEntry?> ReadAsync(string key, CancellationToken cancellation) =>
        CallAsync(static (store, key) => store.ReadAsync(key), key, cancellation);

    public async ValueTask WriteAsync(CachedRow row, TimeSpan timeToLive, bool overwrite, CancellationToken cancellation) =>
        await CallAsync(
            static async (store, write) =>
            {
                await store.WriteAsync(write.Row, write.TimeToLive, write.Overwrite).ConfigureAwait(false);
                return null;
            },
            (Row: row, TimeToLive: timeToLive, Overwrite: overwrite),
            cancellation).ConfigureAwait(false);

    public async ValueTask RemoveAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        if (keys.Count == 0)
            return;
        await CallAsync(
            static async (store, keys) =>
            {
                await store.RemoveAsync(keys).ConfigureAwait(false);
                return null;
            },
            keys,
            cancellation).ConfigureAwait(false);
    }

    public async ValueTask<long> ClearAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_isAvailable)
            throw Refused();
        // Neither budget nor circuit apply: the duration depends on how much the node holds, and says nothing about its health.
        var work = OutcomeOf(_store.ClearAsync(cancellation));
        var outcome = await work.WaitAsync(cancellation).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return outcome.Exception is { } failure ? throw Unavailable(failure) : outcome.Result;
    }

    public async ValueTask PingAsync(CancellationToken cancellation)
    {
        if (await TryPingAsync(cancellation).ConfigureAwait(false) is { } failure)
            throw failure is OperationCanceledException ? failure : Unavailable(failure);
    }

    public async ValueTask DisposeAsync()
    {
        Task probing;
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
                return;
            _stopping.Cancel();
            probing = _probing;
        }

        await probing.ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Long enough for consecutive failures that take the whole budget: a single caller can open the circuit.</summary>
    private static TimeSpan SamplingOf(NodeOptions settings)
    {
        var needed = 1.5 * settings.MinimumThroughput * settings.Budget;
        return needed > Longest ? Longest : needed > settings.SamplingDuration ? needed : settings.SamplingDuration;
    }

    private static bool IsFailureOfNode(Exception? exception) =>
        exception is not (null or NodeUnavailableException or OperationCanceledException);

    /// <summary>The outcome of a call, whose exception is thereby observed even if its caller has stopped waiting.</summary>
    private static async Task<Outcome<T>> OutcomeOf<T>(Task<T> call)
    {
        try
        {
            return Outcome.FromResult(await call.ConfigureAwait(false));
        }
        catch (OperationCanceledException cancelled)
        {
            // The caller's own cancellation is checked before: this one is the store's, which must count as a failure.
            return Outcome.FromException<T>(new IOException("The connection was closed.", cancelled));
        }
        catch (Exception error)
        {
            return Outcome.FromException<T>(error);
        }
    }

    private async ValueTask<NodeEntry?> CallAsync<TArgument>(
        Func<INodeStore, TArgument, Task<NodeEntry?>> start, TArgument argument, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_isAvailable)
            throw Refused();
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellation);
        Outcome<NodeEntry?> outcome;
        try
        {
            outcome = await _circuit.ExecuteOutcomeAsync(
                static (context, call) => call.Node.AttemptAsync(call.Start, call.Argument, context.CancellationToken),
                context,
                (Node: this, Start: start, Argument: argument)).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }

        return outcome.Exception switch
        {
            null => outcome.Result,
            BrokenCircuitException => throw Refused(),
            var failure when IsFailureOfNode(failure) => throw Unavailable(failure),
            var failure => throw failure,
        };
    }

    /// <summary>One call within budget and cap. Returns failures, so that a failing node costs its callers one throw, not three.</summary>
    private async ValueTask<Outcome<NodeEntry?>> AttemptAsync<TArgument>(
        Func<INodeStore, TArgument, Task<NodeEntry?>> start, TArgument argument, CancellationToken cancellation)
    {
        // Too many calls to a node are no failure of it, unless they have exceeded their budget and still hang.
        if (!_places.Wait(0, CancellationToken.None))
        {
            if (Volatile.Read(ref _overdue) > 0)
                return Outcome.FromException<NodeEntry?>(TimedOut());
            return Outcome.FromException<NodeEntry?>(new NodeUnavailableException(
                $"The node \"{Name}\" at {_address} has {_settings.MaxInFlight:N0} calls in flight, its cap "
                + $"({nameof(NodeOptions.MaxInFlight)}); raise it, or add nodes to the region."));
        }

        var work = RunAsync(start, argument);
        if (!work.IsCompleted)
            await ((Task)work).WaitAsync(_settings.Budget, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.IsCompleted)
            return await work.ConfigureAwait(false);
        if (cancellation.IsCancellationRequested)
            return Outcome.FromException<NodeEntry?>(new OperationCanceledException(cancellation));
        Interlocked.Increment(ref _overdue);
        work.GetAwaiter().OnCompleted(() => Interlocked.Decrement(ref _overdue));
        // A process that is late itself sees late answers from every node; taking a healthy one off the ring would only add load.
        return Outcome.FromException<NodeEntry?>(_lag.Current >= _settings.Budget / 2 ? SelfIsLate() : TimedOut());
    }

    /// <summary>A call to the store. It counts for the cap until it ends, whether or not its caller still waits for it.</summary>
    private async Task<Outcome<NodeEntry?>> RunAsync<TArgument>(Func<INodeStore, TArgument, Task<NodeEntry?>> start, TArgument argument)
    {
        try
        {
            return await OutcomeOf(start(_store, argument)).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Pings the store, whatever the state of the circuit.</summary>
    /// <returns>Null when it responded.</returns>
    private async ValueTask<Exception?> TryPingAsync(CancellationToken cancellation)
    {
        var ping = OutcomeOf(PingStoreAsync());
        await ((Task)ping).WaitAsync(_settings.Budget + _lag.Current, _time, cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ping.IsCompleted)
            return (await ping.ConfigureAwait(false)).Exception;
        return cancellation.IsCancellationRequested ? new OperationCanceledException(cancellation) : TimedOut();

        async Task<bool> PingStoreAsync()
        {
            await _store.PingAsync().ConfigureAwait(false);
            return true;
        }
    }

    private async Task ProbeAsync()
    {
        while (true)
        {
            await Task.Delay(_settings.RetryAfter, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
                return;
            if (await TryPingAsync(_stopping.Token).ConfigureAwait(false) is null)
            {
                await _control.CloseAsync(CancellationToken.None).ConfigureAwait(false);
                return;
            }
        }
    }

    private ValueTask Opened(Exception? cause)
    {
        LogOpened(Name, _address, cause);
        _isAvailable = false;
        lock (_gate)
        {
            if (!_stopping.IsCancellationRequested)
                _probing = ProbeAsync();
        }

        Notify();
        return ValueTask.CompletedTask;
    }

    private ValueTask Closed()
    {
        LogClosed(Name, _address);
        _isAvailable = true;
        Notify();
        return ValueTask.CompletedTask;
    }

    private void Notify()
    {
        try
        {
            Changed?.Invoke(this);
        }
        catch (Exception error)
        {
            // A listener's failure must not stop the circuit from working.
            LogListenerFailed(Name, error);
        }
    }

    private TimeoutException TimedOut() => new($"No response within {_settings.Budget.TotalMilliseconds:N0} ms.");

    private NodeUnavailableException SelfIsLate() =>
        new($"The node \"{Name}\" at {_address} did not respond within {_settings.Budget.TotalMilliseconds:N0} ms, while this silo "
            + $"itself was late by {_lag.Current.TotalMilliseconds:N0} ms; it is overloaded.");

    private NodeUnavailableException Refused() =>
        new($"The node \"{Name}\" at {_address} is not called now, because it has failed repeatedly; "
            + $"it is probed every {_settings.RetryAfter.TotalSeconds:0.###} s.");

    private NodeUnavailableException Unavailable(Exception cause) =>
        new($"The node \"{Name}\" at {_address} did not respond: {cause.Message}", cause);

    [LoggerMessage(EventId = 1510, Level = LogLevel.Warning, Message =
        "Node {Node} at {Address} has failed repeatedly; its circuit is open until it responds to a probe.")]
    private partial void LogOpened(string node, string address, Exception? exception);

    [LoggerMessage(EventId = 1511, Level = LogLevel.Information, Message =
        "Node {Node} at {Address} responds again; its circuit is closed.")]
    private partial void LogClosed(string node, string address);

    [LoggerMessage(EventId = 1512, Level = LogLevel.Error, Message = "Node {Node}: the listener for changes of its circuit failed.")]
    private partial void LogListenerFailed(string node, Exception exception);
}
