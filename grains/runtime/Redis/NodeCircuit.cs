using Polly;
using Polly.CircuitBreaker;

namespace OrleansCache.Redis;

/// <summary>
/// The circuit of one kind of call to one shard. It opens after repeated failures, and only a probe in the background closes it, which
/// does what has failed: so no reader's call is spent on finding that out, and a server that answers but refuses does not flap.
/// </summary>
internal sealed class NodeCircuit
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly NodeOptions _settings;
    private readonly TimeProvider _time;
    private readonly Func<string, CancellationToken, ValueTask<Exception?>> _probe;
    private readonly Action<NodeCircuit> _changed;
    private readonly ResiliencePipeline<NodeEntry?> _pipeline;
    private readonly CircuitBreakerManualControl _control = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private volatile string? _reason;
    private volatile string _failedKey = "";
    private Task _probing = Task.CompletedTask;

    /// <summary>Makes a closed circuit.</summary>
    /// <param name="what">What the calls do, as messages say it: <c>reads</c>.</param>
    /// <param name="settings">When it opens.</param>
    /// <param name="time">The time of its timers.</param>
    /// <param name="probe">Tries what has failed, given the key of the last failure; null when it worked.</param>
    /// <param name="changed">Called when it has opened or closed, and after each probe that has failed. It must not block.</param>
    public NodeCircuit(
        string what,
        NodeOptions settings,
        TimeProvider time,
        Func<string, CancellationToken, ValueTask<Exception?>> probe,
        Action<NodeCircuit> changed)
    {
        What = what;
        (_settings, _time, _probe, _changed) = (settings, time, probe, changed);
        _pipeline = new ResiliencePipelineBuilder<NodeEntry?> { TimeProvider = time }
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

    /// <summary>What the calls do.</summary>
    public string What { get; }

    /// <summary>Whether calls are refused.</summary>
    public bool IsOpen => _reason is not null;

    /// <summary>Why it is open; null while it is closed.</summary>
    public string? Reason => _reason;

    /// <summary>The reason that was logged last, and when.</summary>
    internal (string Reason, long At)? Logged { get; set; }

    /// <summary>Whether an exception says something about the node rather than about its caller.</summary>
    public static bool IsFailureOfNode(Exception? exception) =>
        exception is not (null or NodeUnavailableException or OperationCanceledException);

    /// <summary>Makes a call and counts it. While the circuit is open the outcome is a <see cref="BrokenCircuitException"/>.</summary>
    public async ValueTask<Outcome<NodeEntry?>> ExecuteAsync(
        string key, Func<CancellationToken, ValueTask<Outcome<NodeEntry?>>> attempt, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellation);
        try
        {
            return await _pipeline.ExecuteOutcomeAsync(
                static async (context, call) =>
                {
                    var outcome = await call.Attempt(context.CancellationToken).ConfigureAwait(false);
                    if (IsFailureOfNode(outcome.Exception))
                        call.Circuit._failedKey = call.Key;
                    return outcome;
                },
                context,
                (Circuit: this, Key: key, Attempt: attempt)).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Ends the probes for ever.</summary>
    /// <returns>Completes when the last one has ended.</returns>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopping.Cancel();
            return _probing;
        }
    }

    /// <summary>Long enough for consecutive failures that take the whole budget: a single caller can open the circuit.</summary>
    private static TimeSpan SamplingOf(NodeOptions settings)
    {
        var needed = 1.5 * settings.MinimumThroughput * settings.Budget;
        return needed > Longest ? Longest : needed > settings.SamplingDuration ? needed : settings.SamplingDuration;
    }

    private async Task ProbeAsync()
    {
        while (true)
        {
            await Task.Delay(_settings.RetryAfter, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
                return;
            var failure = await TryProbeAsync().ConfigureAwait(false);
            if (_stopping.IsCancellationRequested)
                return;
            if (failure is null)
            {
                await _control.CloseAsync(CancellationToken.None).ConfigureAwait(false);
                return;
            }

            _reason = RedisFault.Describe(failure);
            _changed(this);
        }
    }

    /// <summary>Whatever goes wrong in a probe is a failure of it: without the next one the circuit would stay open for ever.</summary>
    private async ValueTask<Exception?> TryProbeAsync()
    {
        try
        {
            return await _probe(_failedKey, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private ValueTask Opened(Exception? cause)
    {
        _reason = cause is null ? "repeated failures" : RedisFault.Describe(cause);
        lock (_gate)
        {
            if (!_stopping.IsCancellationRequested)
                _probing = ProbeAsync();
        }

        _changed(this);
        return ValueTask.CompletedTask;
    }

    private ValueTask Closed()
    {
        _reason = null;
        _changed(this);
        return ValueTask.CompletedTask;
    }
}
