using OrleansCache.Redis;

namespace OrleansCache.Tests.Topology;

/// <summary>A node that only shows how it is treated.</summary>
internal sealed class FakeNode(NodeDefinition definition) : INode
{
    public NodeDefinition Definition => definition;

    public string Name => definition.Name;

    public bool IsAvailable { get; private set; } = true;

    public bool IsClosed { get; private set; }

    public Action<INode>? Changed { get; set; }

    public void Turn(bool tried)
    {
        IsAvailable = tried;
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
