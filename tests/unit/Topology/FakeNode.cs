using OrleansCache.Redis;

namespace OrleansCache.Tests.Topology;

/// <summary>A node that records whether it was closed, and whose circuit a test opens and closes.</summary>
internal sealed class FakeNode(NodeDefinition definition) : INode
{
    public NodeDefinition Definition => definition;

    public string Name => definition.Name;

    public NodeHealth Health { get; private set; } = NodeHealth.Up;

    public bool IsClosed { get; private set; }

    public Action<INode>? Changed { get; set; }

    public void Turn(bool isUp)
    {
        Health = isUp ? NodeHealth.Up : new(NodeState.Down, "turned off");
        Changed?.Invoke(this);
    }

    public ValueTask<NodeEntry?> ReadAsync(string key, CancellationToken cancellation) => new((NodeEntry?)null);

    /// <summary>What is done with a write; nothing unless a test wants something.</summary>
    public Func<CachedRow, TimeSpan, Task> Write { get; set; } = (_, _) => Task.CompletedTask;

    public async ValueTask WriteAsync(CachedRow row, TimeSpan timeToLive, bool overwrite, CancellationToken cancellation) =>
        await Write(row, timeToLive).WaitAsync(cancellation);

    public ValueTask RemoveAsync(IReadOnlyList<string> keys, CancellationToken cancellation) => default;

    public ValueTask<NodePurge> ClearAsync(CancellationToken cancellation) => new(new NodePurge(0, []));

    public ValueTask<NodeHealth> ProbeAsync(CancellationToken cancellation) => new(Health);

    public bool CanRead(string key) => Health.State != NodeState.Down;

    public bool CanWrite(string key) => Health.State != NodeState.Down;

    public ValueTask DisposeAsync()
    {
        IsClosed = true;
        return default;
    }
}

/// <summary>Makes fake nodes and remembers them.</summary>
internal sealed class FakeNodeFactory : INodeFactory
{
    public List<FakeNode> Made { get; } = [];

    public INode Create(NodeDefinition definition)
    {
        var node = new FakeNode(definition);
        Made.Add(node);
        return node;
    }

    public string AddressOf(string connection) => connection;
}
