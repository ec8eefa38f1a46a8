using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansCache.Entries;
using OrleansCache.Redis;

namespace OrleansCache.Topology;

/// <summary>
/// A silo's own copy of its region's ring, and its connections to the nodes. Lookups read it without a lock and without a message; a
/// newer ring replaces it. The rings before it are remembered while nodes may still have entries by them, so that a key that has moved can
/// be read where it was (<see cref="FormerNodeOf"/>); a node that was removed stays connected as long. They are the rings that this silo
/// has used itself: one that has just started knows none.
/// </summary>
internal sealed class RegionRoutes : IAsyncDisposable
{
    // Enough for several nodes that are added one after the other; a node that comes and goes makes no endless list.
    private const int MostFormer = 4;

    // Timers take at most 49 days.
    private static readonly TimeSpan LongestFormer = TimeSpan.FromDays(1);

    private readonly INodeFactory _factory;
    private readonly Clock _clock;
    private readonly long _formerFor;
    private readonly ITimer _formerEnd;
    private readonly Lock _gate = new();
    private readonly List<Task> _closing = [];
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Dictionary<string, (NodeDefinition Definition, INode Node)> _nodes = [];
    private List<(NodeDefinition Definition, INode Node)> _removed = [];
    private volatile Routes _routes = Routes.Empty;
    private bool _disposed;

    /// <param name="region">The region of this silo.</param>
    /// <param name="factory">Makes the nodes.</param>
    /// <param name="timeToLive">How long a node keeps an entry at most.</param>
    /// <param name="clock">The time.</param>
    public RegionRoutes(string region, INodeFactory factory, TimeSpan timeToLive, Clock clock)
    {
        (Region, _factory, _clock) = (region, factory, clock);
        _formerFor = (long)(timeToLive < LongestFormer ? timeToLive : LongestFormer).TotalMilliseconds;
        _formerEnd = clock.TimeProvider.CreateTimer(
            static routes => ((RegionRoutes)routes!).Review(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The region of this silo.</summary>
    public string Region { get; }

    /// <summary>The version of the ring in use; negative before there is one.</summary>
    public long Version => _routes.Ring.Version;

    /// <summary>Completes when a ring of the region's router is in use; until then it is the one that the silo has started with.</summary>
    public Task Confirmed => _confirmed.Task;

    /// <summary>Called with a node whose health has changed. It must not block.</summary>
    public Action<INode>? NodeChanged { get; set; }

    /// <summary>The node of a key, or null while no node is up.</summary>
    public INode? NodeOf(CacheKey key) => _routes.NodeOf(key.Hash);

    /// <summary>The node of a key, or null while no node is up.</summary>
    public INode? NodeOf(string key) => _routes.NodeOf(KeyHash.Of(key));

    /// <summary>
    /// The node that a key belonged to before the ring changed, if that is less than a time to live ago, and the node serves reads; it may
    /// have been removed, but not have gone down. Null when the key has not moved.
    /// </summary>
    public INode? FormerNodeOf(CacheKey key)
    {
        var routes = _routes;
        if (routes.Former.IsEmpty)
            return null;
        var node = routes.NodeOf(key.Hash);
        foreach (var former in routes.Former)
        {
            if (former.Routes.NodeOf(key.Hash) is { } before && before != node && routes.Readable.Contains(before))
                return before.CanRead(key.Text) ? before : null;
        }

        return null;
    }

    /// <summary>The node of that name, on the ring or off it, or null.</summary>
    public INode? NodeNamed(string name)
    {
        lock (_gate)
            return _nodes.GetValueOrDefault(name).Node;
    }

    /// <summary>All nodes, on the ring or off it.</summary>
    public INode[] Nodes()
    {
        lock (_gate)
            return [.. _nodes.Values.Select(known => known.Node)];
    }

    /// <summary>The nodes that are no more, but are read as former ones.</summary>
    public INode[] RemovedNodes()
    {
        lock (_gate)
            return [.. _removed.Select(known => known.Node)];
    }

    /// <summary>The part of the keys that belongs to each node on the ring.</summary>
    public IEnumerable<(string Name, double Share)> Shares()
    {
        var ring = _routes.Ring;
        return ring.Members.Select(member => (member.Name, ring.ShareOf(member.Name)));
    }

    /// <summary>The nodes that are not up, as this silo finds them by using them.</summary>
    public NodeTrouble[] Troubles() =>
    [
        .. Nodes().Select(node => (node.Name, node.Health)).Where(node => node.Health.State != NodeState.Up)
            .Select(node => new NodeTrouble(node.Name, node.Health.State, node.Health.Reason)),
    ];

    /// <summary>Uses a ring from now on if it is newer than the one in use.</summary>
    public void Take(RingTopology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        lock (_gate)
        {
            if (_disposed || topology.Version <= Version)
                return;
            var known = _nodes.Values.Concat(_removed).ToArray();
            _nodes = topology.Nodes.ToDictionary(definition => definition.Name, definition => (definition, Connect(definition, known)));
            var used = _nodes.Values.Select(entry => entry.Node).ToHashSet();
            _removed = [.. known.Where(entry => !used.Contains(entry.Node))];
            var ring = topology.ToRing();
            Use(ring, [.. ring.Members.Select(member => _nodes[member.Name].Node)]);
            // The versions of routers start at one; zero is the ring that a silo has started with.
            if (topology.Version > 0)
                _confirmed.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task[] closing;
        lock (_gate)
        {
            _disposed = true;
            _routes = Routes.Empty;
            Close(_nodes.Values.Concat(_removed));
            (_nodes, _removed) = ([], []);
            closing = [.. _closing];
        }

        await _formerEnd.DisposeAsync();
        await Task.WhenAll(closing);
    }

    /// <summary>The node of a definition. It keeps its connections through changes of the ring, and of its own weight.</summary>
    private INode Connect(NodeDefinition definition, (NodeDefinition Definition, INode Node)[] known)
    {
        var same = known.FirstOrDefault(
            old => old.Definition.Name == definition.Name && old.Definition.Connection == definition.Connection);
        var node = same.Node ?? _factory.Create(definition);
        node.Changed = changed => NodeChanged?.Invoke(changed);
        return node;
    }

    /// <summary>Uses a ring, remembers the one before if it is another, and closes the removed nodes that are not read any more.</summary>
    private void Use(HashRing ring, INode[] nodes)
    {
        var (now, last) = (_clock.Now, _routes);
        var former = last.Former.Where(known => known.Ends > now);
        if (last.Nodes.Length > 0 && !(last.Nodes.SequenceEqual(nodes) && last.Ring.Members.SequenceEqual(ring.Members)))
            former = former.Prepend(new(last with { Former = [] }, now + _formerFor)).Take(MostFormer);
        ImmutableArray<Former> remembered = [.. former];
        // A removed node that fails has been stopped, and one that was off the ring had failed before.
        var closed = _removed.Where(removed => removed.Node.Health.State == NodeState.Down || !last.Readable.Contains(removed.Node)
            || !remembered.Any(known => known.Routes.Nodes.Contains(removed.Node))).ToArray();
        _removed = [.. _removed.Except(closed)];
        foreach (var (_, removed) in _removed)
            removed.Changed = _ => Review();
        _routes = new(ring, nodes, [.. nodes, .. _removed.Select(removed => removed.Node)], remembered);
        _formerEnd.Change(
            remembered.IsEmpty ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(remembered[^1].Ends - now), Timeout.InfiniteTimeSpan);
        Close(closed);
    }

    /// <summary>Forgets the former rings whose time is over, and closes the nodes that only they had, or that have failed.</summary>
    private void Review()
    {
        lock (_gate)
        {
            if (!_disposed)
                Use(_routes.Ring, _routes.Nodes);
        }
    }

    private void Close(IEnumerable<(NodeDefinition Definition, INode Node)> nodes)
    {
        _closing.RemoveAll(task => task.IsCompleted);
        foreach (var (_, node) in nodes)
        {
            node.Changed = null;
            _closing.Add(node.DisposeAsync().AsTask());
        }
    }

    /// <summary>A ring with the nodes of its members, in their order. Immutable, so that all is of the same version.</summary>
    /// <param name="Ring">The ring.</param>
    /// <param name="Nodes">The nodes of its members.</param>
    /// <param name="Readable">These, and removed ones that are still connected.</param>
    /// <param name="Former">The rings before it, the last one first.</param>
    private sealed record Routes(HashRing Ring, INode[] Nodes, FrozenSet<INode> Readable, ImmutableArray<Former> Former)
    {
        public static Routes Empty { get; } = new(HashRing.Create(-1, []), [], [], []);

        public INode? NodeOf(ulong hash) => Ring.IndexOf(hash) is >= 0 and var index ? Nodes[index] : null;
    }

    /// <summary>A ring that was used before.</summary>
    /// <param name="Routes">The ring.</param>
    /// <param name="Ends">When no node has an entry by it any more: milliseconds on the clock.</param>
    private sealed record Former(Routes Routes, long Ends);
}
