using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace OrleansCache.Redis;

/// <summary>
/// A node made of a store: every call has a budget, the calls under way have a cap, and a circuit opens after repeated
/// failures. While it is open no caller waits: calls are refused at once, and a probe of the node's own closes the circuit
/// when the node answers again. So no reader's call is ever spent on finding that out.
/// </summary>
internal sealed partial class GuardedNode : INode
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly string _address;
    private readonly INodeStore _store;
    private readonly NodeOptions _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<NodeEntry?> _circuit;
    private readonly CircuitBreakerManualControl _control = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private volatile bool _isAvailable = true;
    private volatile CallLimit _calls;
    private Task _probing = Task.CompletedTask;
    private Task? _ping;
    private long _pingSent;

    public GuardedNode(string name, string address, INodeStore store, NodeOptions settings, TimeProvider time, ILogger logger)
    {
        Name = name;
        _address = address;
        _store = store;
        _settings = settings;
        _time = time;
        _logger = logger;
        _calls = new(settings.MaxInFlight);
        _circuit = new ResiliencePipelineBuilder<NodeEntry?> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<NodeEntry?>
            {
                FailureRatio = settings.FailureRatio,
                MinimumThroughput = settings.MinimumThroughput,
                SamplingDuration = SamplingOf(settings),
                // The probe alone closes the circuit, by monotonic timers; Polly's own break goes by the wall clock, which may jump.
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

    /// <summary>The calls under way, those included that were given up.</summary>
    internal int InFlight => _calls.UnderWay;

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
        // Neither budget nor circuit: how long it takes says how much the node holds, and nothing of whether it is well.
        var work = _store.ClearAsync(cancellation);
        await ((Task)work).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.IsCompletedSuccessfully)
            return await work.ConfigureAwait(false);
        _ = work.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        cancellation.ThrowIfCancellationRequested();
        throw Unavailable(FailureOf(work));
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

    /// <summary>Long enough for failures in a row that take the whole budget each, or a single patient caller would never open the circuit.</summary>
    private static TimeSpan SamplingOf(NodeOptions settings)
    {
        var needed = 1.5 * settings.MinimumThroughput * settings.Budget;
        return needed > Longest ? Longest : needed > settings.SamplingDuration ? needed : settings.SamplingDuration;
    }

    private static bool IsFailureOfNode(Exception? exception) =>
        exception is not (null or NodeUnavailableException or OperationCanceledException);

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

    /// <summary>One call within budget and cap. Failures are returned, so that a failing node costs its callers one throw and not three.</summary>
    private async ValueTask<Outcome<NodeEntry?>> AttemptAsync<TArgument>(
        Func<INodeStore, TArgument, Task<NodeEntry?>> start, TArgument argument, CancellationToken cancellation)
    {
        var calls = _calls;
        if (!calls.TryEnter())
        {
            // A healthy node that is asked too much has not failed. One that keeps calls that were given up has, and must be
            // counted so, for no other call would reach it any more and open the circuit.
            var full = $"The node \"{Name}\" at {_address} has {_settings.MaxInFlight:N0} calls in flight, its cap ({nameof(NodeOptions.MaxInFlight)})";
            return Outcome.FromException<NodeEntry?>(calls.HasAbandoned
                ? new TimeoutException($"{full}, and calls that ran out of time among them.")
                : new NodeUnavailableException($"{full}; raise it, or add nodes to the region."));
        }

        var work = start(_store, argument);
        if (!work.IsCompleted)
            await ((Task)work).WaitAsync(_settings.Budget, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.IsCompletedSuccessfully)
        {
            calls.Leave();
            return Outcome.FromResult(await work.ConfigureAwait(false));
        }

        // Observes the exception too, of work that has failed already as well as of work that will.
        calls.Abandon(work);
        return Outcome.FromException<NodeEntry?>(cancellation.IsCancellationRequested
            ? new OperationCanceledException(cancellation)
            : FailureOf(work));
    }

    /// <summary>Asks the store, whatever the circuit says.</summary>
    /// <returns>Null when it answered.</returns>
    private async ValueTask<Exception?> TryPingAsync(CancellationToken cancellation)
    {
        Task ping;
        lock (_gate)
        {
            // A ping that a hung node has not answered yet is joined: its answer is as good as another one's, and no pings pile up.
            if (_ping is not { IsCompleted: false })
            {
                _ping = _store.PingAsync();
                _pingSent = _time.GetTimestamp();
                _ = _ping.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            ping = _ping;
        }

        await ping.WaitAsync(_settings.Budget, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ping.IsCompletedSuccessfully)
            return null;
        return cancellation.IsCancellationRequested ? new OperationCanceledException(cancellation) : FailureOf(ping);
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

            ReplaceDeadConnection();
        }
    }

    private void ReplaceDeadConnection()
    {
        lock (_gate)
        {
            if (_ping is not { IsCompleted: false } || _time.GetElapsedTime(_pingSent) < _settings.ReconnectAfter || _stopping.IsCancellationRequested)
                return;
            // Calls on the old connection may never end; they keep their places there, and the new connection starts with none taken.
            _ping = null;
            _calls = new(_settings.MaxInFlight);
            _store.Reconnect();
        }

        LogReconnecting(Name, _address, _settings.ReconnectAfter);
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
            // The circuit must go on working whatever its listener does.
            LogListenerFailed(Name, error);
        }
    }

    private Exception FailureOf(Task call) => call switch
    {
        { IsFaulted: true } => call.Exception!.InnerException!,
        { IsCanceled: true } => new IOException("The connection was closed."),
        _ => new TimeoutException($"No answer within {_settings.Budget.TotalMilliseconds:N0} ms."),
    };

    private NodeUnavailableException Refused() =>
        new($"The node \"{Name}\" at {_address} is not asked now, because it has failed repeatedly; it is tried again every {_settings.RetryAfter.TotalSeconds:0.###} s.");

    private NodeUnavailableException Unavailable(Exception cause) =>
        new($"The node \"{Name}\" at {_address} did not answer: {cause.Message}", cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node {Node} at {Address} has failed repeatedly; it is not asked until it answers a probe.")]
    private partial void LogOpened(string node, string address, Exception? exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The node {Node} at {Address} answers again.")]
    private partial void LogClosed(string node, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node {Node} at {Address} has not answered a probe for {Time}; its connection is replaced.")]
    private partial void LogReconnecting(string node, string address, TimeSpan time);

    [LoggerMessage(Level = LogLevel.Error, Message = "The listener of the node {Node} failed.")]
    private partial void LogListenerFailed(string node, Exception exception);
}
