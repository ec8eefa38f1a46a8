using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansCache.Timing;
using Polly;
using Polly.CircuitBreaker;

namespace OrleansCache.Redis;

/// <summary>
/// A node made of a store: every call has a budget, the number of calls in flight has a cap, and each shard has circuits of its own for
/// reads and for writes (<see cref="NodeCircuit"/>), so that a server that refuses writes goes on serving reads, and a lost shard costs
/// the others nothing. What this process misses because it is late itself is no failure of the node.
/// </summary>
internal sealed partial class GuardedNode : INode
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly string _address;
    private readonly INodeStore _store;
    private readonly NodeOptions _settings;
    private readonly TimeProvider _time;
    private readonly ProcessLag _lag;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, ShardCircuits> _circuits = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places;
    private readonly Lock _gate = new();
    private readonly List<Task> _ending = [];
    private volatile NodeHealth _health = NodeHealth.Up;
    private long? _mostUnservedSince;
    private bool _disposed;
    private int _overdue;

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
    }

    public string Name { get; }

    public NodeHealth Health => _health;

    public Action<INode>? Changed { get; set; }

    /// <summary>The calls in flight, including those that their callers have given up.</summary>
    internal int InFlight => _settings.MaxInFlight - _places.CurrentCount;

    /// <summary>The shards that have circuits.</summary>
    internal IEnumerable<string> Circuits => _circuits.Keys;

    public bool CanRead(string key)
    {
        var shard = _store.ShardOf(key);
        return !CircuitsOf(shard).ForRead(shard, out _).IsOpen;
    }

    public bool CanWrite(string key) => !CircuitsOf(_store.ShardOf(key)).Write.IsOpen;

    public ValueTask<NodeEntry?> ReadAsync(string key, CancellationToken cancellation)
    {
        var shard = _store.ShardOf(key);
        var circuit = CircuitsOf(shard).ForRead(shard, out var fromReplica);
        return CallAsync(circuit, key, () => _store.ReadAsync(key, fromReplica), cancellation);
    }

    public async ValueTask WriteAsync(CachedRow row, TimeSpan timeToLive, bool overwrite, CancellationToken cancellation) =>
        await CallAsync(
            CircuitsOf(_store.ShardOf(row.Key)).Write,
            row.Key,
            () => WithoutResult(_store.WriteAsync(row, timeToLive, overwrite)),
            cancellation).ConfigureAwait(false);

    public async ValueTask RemoveAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        // Each shard by itself, so that the keys of the others are removed when one of them is lost.
        var removals = keys.GroupBy(key => _store.ShardOf(key).Name, StringComparer.Ordinal).Select(async group =>
        {
            string[] members = [.. group];
            var circuit = CircuitsOf(_store.ShardOf(members[0])).Write;
            await CallAsync(circuit, members[0], () => WithoutResult(_store.RemoveAsync(members)), cancellation).ConfigureAwait(false);
        });
        await Task.WhenAll(removals).ConfigureAwait(false);
    }

    public async ValueTask<NodePurge> ClearAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_health is { State: NodeState.Down, Reason: { } reason })
            throw Refused(reason);
        // Neither budget nor circuit apply: the duration depends on how much the node holds, and says nothing about its health.
        var work = OutcomeOf(_store.ClearAsync(cancellation));
        var outcome = await work.WaitAsync(cancellation).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return outcome.Exception is { } failure ? throw Unavailable(failure) : outcome.Result!;
    }

    public async ValueTask<NodeHealth> ProbeAsync(CancellationToken cancellation)
    {
        await TryAsync(_store.RefreshAsync, cancellation).ConfigureAwait(false);
        Review();
        var findings = await Task.WhenAll(_store.Shards.Select(shard => ProbeAsync(shard, cancellation))).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        var unserved = findings.Where(finding => !finding.IsServed).Sum(finding => finding.Shard.Share);
        return NodeFinding.Summarize(findings, isDown: unserved > 0.5);
    }

    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            ending = [.. _ending, .. _circuits.Values.SelectMany(circuits => circuits.All).Select(circuit => circuit.StopAsync())];
        }

        await Task.WhenAll(ending).ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
    }

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

    private static async Task<NodeEntry?> WithoutResult(Task work)
    {
        await work.ConfigureAwait(false);
        return null;
    }

    private ShardCircuits CircuitsOf(NodeShard shard) =>
        _circuits.TryGetValue(shard.Name, out var known) ? known : AddCircuits(shard.Name);

    private ShardCircuits AddCircuits(string shard)
    {
        lock (_gate)
        {
            EndCircuitsOfGoneShards(shard);
            return _circuits.GetOrAdd(shard, name => new(
                Make("reads", key => _store.ReadAsync(key, fromReplica: false)),
                Make("reads from replicas", key => _store.ReadAsync(key, fromReplica: true)),
                Make("writes", null)));
        }

        NodeCircuit Make(string what, Func<string, Task<NodeEntry?>>? read) =>
            new(what, _settings, _time, (failed, cancellation) => TryShardAsync(shard, failed, read, cancellation), CircuitChanged);
    }

    /// <summary>Does for an open circuit what has failed: reads the same key, or writes a probe key of the same shard.</summary>
    private async ValueTask<Exception?> TryShardAsync(
        string shard, string failedKey, Func<string, Task<NodeEntry?>>? read, CancellationToken cancellation)
    {
        // The shard may be another by now, or gone; then this circuit ends.
        await TryAsync(_store.RefreshAsync, cancellation).ConfigureAwait(false);
        Review();
        if (cancellation.IsCancellationRequested || _store.Shards.FirstOrDefault(known => known.Name == shard) is not { } now)
            return new OperationCanceledException(cancellation);
        if (read is not null && _store.ShardOf(failedKey).Name == shard)
            return await TryAsync(() => read(failedKey), cancellation).ConfigureAwait(false);
        return _store.ProbeKeyOf(now) is { } key
            ? await TryAsync(() => read is not null ? read(key) : _store.ProbeWriteAsync(key), cancellation).ConfigureAwait(false)
            : null;
    }

    private async ValueTask<NodeEntry?> CallAsync(
        NodeCircuit circuit, string key, Func<Task<NodeEntry?>> start, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (circuit.Reason is { } reason)
            throw Refused(reason);
        var outcome = await circuit.ExecuteAsync(key, token => AttemptAsync(start, token), cancellation).ConfigureAwait(false);
        return outcome.Exception switch
        {
            null => outcome.Result,
            BrokenCircuitException => throw Refused(circuit.Reason ?? "repeated failures"),
            var failure when NodeCircuit.IsFailureOfNode(failure) => throw Unavailable(failure),
            var failure => throw failure,
        };
    }

    /// <summary>One call within budget and cap. Returns failures, so that a failing node costs its callers one throw, not three.</summary>
    private async ValueTask<Outcome<NodeEntry?>> AttemptAsync(Func<Task<NodeEntry?>> start, CancellationToken cancellation)
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

        var work = RunAsync(start);
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
    private async Task<Outcome<NodeEntry?>> RunAsync(Func<Task<NodeEntry?>> start)
    {
        try
        {
            return await OutcomeOf(start()).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Tries a shard both ways. Through a circuit that is closed this counts as use, so that it opens if it must.</summary>
    private async Task<NodeFinding> ProbeAsync(NodeShard shard, CancellationToken cancellation)
    {
        if (_store.ProbeKeyOf(shard) is not { } key)
            return new(shard, null, ReadsReplica: false, null);
        var circuits = CircuitsOf(shard);
        var reads = await Probe(circuits.ForRead(shard, out var fromReplica), () => _store.ReadAsync(key, fromReplica))
            .ConfigureAwait(false);
        var writes = await Probe(circuits.Write, () => WithoutResult(_store.ProbeWriteAsync(key))).ConfigureAwait(false);
        return new(shard, reads, fromReplica, writes);

        async ValueTask<string?> Probe(NodeCircuit circuit, Func<Task<NodeEntry?>> start)
        {
            var failure = circuit.IsOpen
                ? await TryAsync(start, cancellation).ConfigureAwait(false)
                : (await circuit.ExecuteAsync(key, token => AttemptAsync(start, token), cancellation).ConfigureAwait(false)).Exception;
            return failure is null ? null : RedisFault.Describe(failure);
        }
    }

    /// <summary>Makes a call to the store whatever the state of the circuits.</summary>
    /// <returns>Null when it succeeded.</returns>
    private async ValueTask<Exception?> TryAsync(Func<Task> start, CancellationToken cancellation)
    {
        var call = OutcomeOf(StartAsync());
        await ((Task)call).WaitAsync(_settings.Budget + _lag.Current, _time, cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (call.IsCompleted)
            return (await call.ConfigureAwait(false)).Exception;
        return cancellation.IsCancellationRequested ? new OperationCanceledException(cancellation) : TimedOut();

        async Task<bool> StartAsync()
        {
            await start().ConfigureAwait(false);
            return true;
        }
    }

    private void CircuitChanged(NodeCircuit circuit)
    {
        var shard = _circuits.FirstOrDefault(known => known.Value.All.Contains(circuit)).Key ?? "";
        var address = shard.Length > 0 ? shard : _address;
        if (circuit.Reason is not { } reason)
            LogClosed(Name, address, circuit.What);
        else if (MayLog(circuit, reason))
            LogOpened(Name, address, circuit.What, reason, RedisFault.AdviceFor(reason) ?? "");
        Review();
    }

    /// <summary>A reason is logged when it is new, and at most once a minute.</summary>
    private bool MayLog(NodeCircuit circuit, string reason)
    {
        var now = _time.GetTimestamp();
        if (circuit.Logged is { } last && (last.Reason == reason || _time.GetElapsedTime(last.At, now) < LogInterval))
            return false;
        circuit.Logged = (reason, now);
        return true;
    }

    /// <summary>Finds the node's health anew from its circuits.</summary>
    private void Review()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            EndCircuitsOfGoneShards(null);
            var next = HealthNow();
            if (next == _health)
                return;
            _health = next;
        }

        try
        {
            Changed?.Invoke(this);
        }
        catch (Exception error)
        {
            // A listener's failure must not stop the circuits from working.
            LogListenerFailed(Name, error);
        }
    }

    private NodeHealth HealthNow()
    {
        NodeFinding[] findings =
        [
            .. _store.Shards.Select(shard => _circuits.TryGetValue(shard.Name, out var circuits)
                ? circuits.Find(shard)
                : new NodeFinding(shard, null, ReadsReplica: false, null)),
        ];
        var isMostUnserved = findings.Where(finding => !finding.IsServed).Sum(finding => finding.Shard.Share) > 0.5;
        _mostUnservedSince = isMostUnserved ? _mostUnservedSince ?? _time.GetTimestamp() : null;
        // The shards of a cluster get a new primary by themselves. Keys must not move to other nodes and back for a fail-over.
        var patience = findings is [{ Shard.Name: "" }] ? TimeSpan.Zero : _settings.FailoverPatience;
        return NodeFinding.Summarize(
            findings, isDown: _mostUnservedSince is { } since && _time.GetElapsedTime(since) >= patience);
    }

    private void EndCircuitsOfGoneShards(string? added)
    {
        var shards = _store.Shards;
        foreach (var (name, circuits) in _circuits)
        {
            if (name == added || shards.Any(shard => shard.Name == name) || !_circuits.TryRemove(name, out _))
                continue;
            _ending.RemoveAll(task => task.IsCompleted);
            _ending.AddRange(circuits.All.Select(circuit => circuit.StopAsync()));
        }
    }

    private TimeoutException TimedOut()
    {
        var time = $"No response within {_settings.Budget.TotalMilliseconds:N0} ms";
        return new(_store.Problem is { } problem ? $"{time}: {problem}" : $"{time}.");
    }

    private NodeUnavailableException SelfIsLate() =>
        new($"The node \"{Name}\" at {_address} did not respond within {_settings.Budget.TotalMilliseconds:N0} ms, while this silo "
            + $"itself was late by {_lag.Current.TotalMilliseconds:N0} ms; it is overloaded.");

    private NodeUnavailableException Refused(string reason) =>
        new($"The node \"{Name}\" at {_address} is not called now, because it has failed repeatedly ({reason}); "
            + $"it is probed every {_settings.RetryAfter.TotalSeconds:0.###} s.");

    private NodeUnavailableException Unavailable(Exception cause) =>
        new($"The node \"{Name}\" at {_address} did not respond: {cause.Message}", cause);

    [LoggerMessage(EventId = 1510, Level = LogLevel.Warning, Message =
        "Node {Node} at {Address} has failed repeatedly and gets no {What} until a probe succeeds: {Reason}. {Advice}")]
    private partial void LogOpened(string node, string address, string what, string reason, string advice);

    [LoggerMessage(EventId = 1511, Level = LogLevel.Information, Message =
        "Node {Node} at {Address} serves {What} again.")]
    private partial void LogClosed(string node, string address, string what);

    [LoggerMessage(EventId = 1512, Level = LogLevel.Error, Message = "Node {Node}: the listener for changes of its health failed.")]
    private partial void LogListenerFailed(string node, Exception exception);
}
