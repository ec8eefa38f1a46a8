using OrleansCache.Redis;

namespace OrleansCache.Topology;

/// <summary>
/// A silo's own copy of its region's ring, and its connections to the nodes. Lookups read it without a lock and without a message; a
/// newer ring replaces it.
/// </summary>
internal sealed class RegionRoutes(string region, INodeFactory factory) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Task> _closing = [];
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Dictionary<string, (NodeDefinition Definition, INode Node)> _nodes = [];
    private volatile Routes _routes = Routes.Empty;
    private bool _disposed;

    /// <summary>The region of this silo.</summary>
    public string Region { get; } = region;

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
            var nodes = new Dictionary<string, (NodeDefinition Definition, INode Node)>();
            foreach (var definition in topology.Nodes)
            {
                // A node keeps its connections through changes of the ring, and of its own weight.
                if (_nodes.TryGetValue(definition.Name, out var known) && known.Definition.Connection == definition.Connection)
                    nodes.Add(definition.Name, (definition, known.Node));
                else
                    nodes.Add(definition.Name, (definition, Open(definition)));
            }

            var ring = topology.ToRing();
            _routes = new(ring, [.. ring.Members.Select(member => nodes[member.Name].Node)]);
            var closed = _nodes.Values.Select(old => old.Node).Except(nodes.Values.Select(entry => entry.Node)).ToArray();
            _nodes = nodes;
            Close(closed);
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
            Close([.. _nodes.Values.Select(entry => entry.Node)]);
            _nodes = [];
            closing = [.. _closing];
        }

        await Task.WhenAll(closing);
    }

    private INode Open(NodeDefinition definition)
    {
        var node = factory.Create(definition);
        node.Changed = changed => NodeChanged?.Invoke(changed);
        return node;
    }

    private void Close(INode[] nodes)
    {
        _closing.RemoveAll(task => task.IsCompleted);
        foreach (var node in nodes)
        {
            node.Changed = null;
            _closing.Add(node.DisposeAsync().AsTask());
        }
    }

    /// <summary>A ring with the nodes of its members, in their order. Immutable, so that both are of the same version.</summary>
    private sealed record Routes(HashRing Ring, INode[] Nodes)
    {
        public static Routes Empty { get; } = new(HashRing.Create(-1, []), []);

        public INode? NodeOf(ulong hash) => Ring.IndexOf(hash) is >= 0 and var index ? Nodes[index] : null;
    }
}
