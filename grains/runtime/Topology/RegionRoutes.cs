using OrleansCache.Redis;

namespace OrleansCache.Topology;

/// <summary>
/// A silo's own copy of its region's ring, and its connections to the nodes. Lookups read it without a lock and without a
/// message; a newer ring replaces it.
/// </summary>
public sealed class RegionRoutes(string region, INodeFactory factory) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Task> _closing = [];
    private Dictionary<string, (NodeDefinition Definition, INode Node)> _nodes = [];
    private volatile Routes _routes = Routes.Empty;
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _disposed;

    /// <summary>The region that this silo belongs to.</summary>
    public string Region { get; } = region;

    /// <summary>The version of the ring in use; below zero before there is one.</summary>
    public long Version => _routes.Version;

    /// <summary>Ends when the region's router has told the ring; until then the one that the silo has begun with is used.</summary>
    public Task Confirmed => _confirmed.Task;

    /// <summary>Called with a node whose circuit has opened or closed. It must not block.</summary>
    public Action<INode>? NodeChanged { get; set; }

    /// <summary>The node that a book belongs to, or null while no node is up.</summary>
    public INode? NodeOf(CacheKey key) => _routes.NodeOf(key.Hash);

    /// <summary>The node that a book belongs to, or null while no node is up.</summary>
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

    /// <summary>The names of the nodes that this silo has given up on for now.</summary>
    public string[] Unavailable()
    {
        lock (_gate)
            return [.. _nodes.Values.Where(known => !known.Node.IsAvailable).Select(known => known.Node.Name)];
    }

    /// <summary>Takes a ring if it is newer than the one in use.</summary>
    public void Take(RingTopology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        lock (_gate)
        {
            if (_disposed || topology.Version <= _routes.Version)
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
            // Routers begin to count at one.
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
}
