using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansCache.Entries;
using OrleansCache.Redis;
using OrleansCache.TestSupport;
using OrleansCache.Timing;

namespace OrleansCache.Tests.Redis;

/// <summary>A node that is read and written all the time, and what was seen of it.</summary>
internal sealed class NodeUse : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly string[] _keys;
    private readonly Task _work;
    private readonly ConcurrentQueue<NodeState> _states = new();
    private readonly Lock _gate = new();
    private FaultCost _cost = new(0, 0, TimeSpan.Zero, 0);
    private int _linesBefore;
    private int _rounds;
    private int _slow;

    public NodeUse(string connection, NodeOptions settings, params string[] keys)
    {
        Settings = settings;
        Node = (GuardedNode)new NodeFactory(settings, TestEntries.Scope, new(Clock.System, settings), Clock.System, ProcessLag.None, Log)
            .Create(new("eu-1", connection));
        Node.Changed = node => _states.Enqueue(node.Health.State);
        _keys = keys.Length > 0 ? keys : ["book::1", "book::2"];
        _work = Task.WhenAll(_keys.Select(key => Task.Run(() => UseAsync(key))));
    }

    public NodeOptions Settings { get; }

    public GuardedNode Node { get; }

    public CollectedLog Log { get; } = new();

    /// <summary>The states that the node had, without repetitions.</summary>
    public IReadOnlyList<NodeState> States
    {
        get
        {
            NodeState[] all = [.. _states];
            return [.. all.Where((state, i) => i == 0 || all[i - 1] != state)];
        }
    }

    /// <summary>The reads of each key that succeeded and failed.</summary>
    public ConcurrentDictionary<string, (int Served, int Failed)> Reads { get; } = new();

    /// <summary>The writes of each key that succeeded and failed.</summary>
    public ConcurrentDictionary<string, (int Served, int Failed)> Writes { get; } = new();

    /// <summary>The calls that took at least half of the budget, since this was set to zero.</summary>
    public int Slow
    {
        get => Volatile.Read(ref _slow);
        set => Volatile.Write(ref _slow, value);
    }

    /// <summary>What failures have cost since <see cref="Begin"/>.</summary>
    public FaultCost Cost
    {
        get
        {
            lock (_gate)
                return _cost with { Lines = Log.Lines.Count - _linesBefore };
        }
    }

    /// <summary>Counts the <see cref="Cost"/> from now on.</summary>
    public void Begin()
    {
        lock (_gate)
            (_cost, _linesBefore) = (new(0, 0, TimeSpan.Zero, 0), Log.Lines.Count);
    }

    public void Forget()
    {
        Reads.Clear();
        Writes.Clear();
        Slow = 0;
    }

    public async Task IsAsync(NodeState state)
    {
        try
        {
            await Eventually.IsTrueAsync(() => Node.Health.State == state, $"the node is {state}");
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message}: {Node.Health}, {string.Join(' ', Log.Warnings)}", error);
        }
    }

    /// <summary>Waits until every key has been used some more times, however long that takes.</summary>
    public Task IsUsedOnAsync(int times = 50)
    {
        var until = Volatile.Read(ref _rounds) + (times * _keys.Length);
        return Eventually.IsTrueAsync(() => Volatile.Read(ref _rounds) >= until, "the node is used on");
    }

    public async Task IsServedAsync()
    {
        try
        {
            await Eventually.IsTrueAsync(
                async () =>
                {
                    Forget();
                    await IsUsedOnAsync(5);
                    return _keys.All(key => IsServed(Reads, key) && IsServed(Writes, key));
                },
                "all keys are read and written");
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message}: {Node.Health}, {string.Join(' ', Log.Warnings)}", error);
        }

        static bool IsServed(ConcurrentDictionary<string, (int Served, int Failed)> calls, string key) =>
            calls.GetValueOrDefault(key) is { Served: > 0, Failed: 0 };
    }

    /// <summary>Waits, after a fault has ended, until all is as before, and says what it has cost as a row of a table.</summary>
    public async Task<string> IsNormalAsync(string fault)
    {
        var ended = Stopwatch.GetTimestamp();
        await IsAsync(NodeState.Up);
        await IsServedAsync();
        var (normal, cost) = (Stopwatch.GetElapsedTime(ended), Cost);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {fault} | {cost.Reads} | {cost.Writes} | {cost.Slowest.TotalMilliseconds:0} ms | {normal.TotalSeconds:0.0} s "
            + $"| {cost.Lines} |");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _work;
        await Node.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task UseAsync(string key)
    {
        for (var version = 1L; !_stopping.IsCancellationRequested; version++)
        {
            var row = new CachedRow(key, new(version, Guid.NewGuid()), Encoding.UTF8.GetBytes("""{"title":"A book"}"""));
            var mayWrite = Node.CanWrite(key);
            if (!await TryAsync(Writes, key, async () => await Node.WriteAsync(row, Minute, overwrite: true, default)) && mayWrite)
                Add(static cost => cost with { Writes = cost.Writes + 1 });
            // A lookup passes by a node that cannot be read.
            var (mayRead, began) = (Node.CanRead(key), Stopwatch.GetTimestamp());
            var read = await TryAsync(Reads, key, async () => await Node.ReadAsync(key, default));
            var took = Stopwatch.GetElapsedTime(began);
            Add(cost => cost with
            {
                Reads = cost.Reads + (mayRead && !read ? 1 : 0),
                Slowest = mayRead && took > cost.Slowest ? took : cost.Slowest,
            });
            Interlocked.Increment(ref _rounds);
            await Task.Delay(5);
        }
    }

    private void Add(Func<FaultCost, FaultCost> change)
    {
        lock (_gate)
            _cost = change(_cost);
    }

    private async Task<bool> TryAsync(ConcurrentDictionary<string, (int Served, int Failed)> counts, string key, Func<Task> call)
    {
        var began = Stopwatch.GetTimestamp();
        var served = true;
        try
        {
            await call();
        }
        catch (NodeUnavailableException)
        {
            served = false;
        }

        if (Stopwatch.GetElapsedTime(began) >= Settings.Budget / 2)
            Interlocked.Increment(ref _slow);
        counts.AddOrUpdate(
            key,
            _ => (served ? 1 : 0, served ? 0 : 1),
            (_, old) => (old.Served + (served ? 1 : 0), old.Failed + (served ? 0 : 1)));
        return served;
    }
}
