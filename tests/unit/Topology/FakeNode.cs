using OrleansCache.Redis;

namespace OrleansCache.Tests.Topology;

/// <summary>A node that records whether it was closed, and whose circuit a test opens and closes.</summary>
internal sealed class FakeNode(NodeDefinition definition) : INode
{
    public NodeDefinition Definition => definition;

    public string Name => definition.Name;

    public bool IsAvailable { get; private set; } = true;

    public bool IsClosed { get; private set; }

    public Action<INode>? Changed { get; set; }

    public void Turn(bool isAvailable)
    {
        IsAvailable = isAvailable;
        Changed?.Invoke(this);
    }

    public ValueTask<NodeEntry?> ReadAsync(string key, CancellationToken cancellation) => new((NodeEntry?)null);

    public ValueTask WriteAsync(CachedRow row, TimeSpan timeToLive, bool overwrite, CancellationToken cancellation) => default;

    public ValueTask RemoveAsync(IReadOnlyList<string> keys, CancellationToken cancellation) => default;

    public ValueTask<long> ClearAsync(CancellationToken cancellation) => default;

    public ValueTask PingAsync(CancellationToken cancellation) => default;

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
