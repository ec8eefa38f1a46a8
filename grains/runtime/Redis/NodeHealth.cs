namespace OrleansCache.Redis;

/// <summary>How a silo finds a node by using it.</summary>
/// <param name="State">Its state.</param>
/// <param name="Reason">What is wrong, in the server's words where it has said something; null when the node is up.</param>
internal sealed record NodeHealth(NodeState State, string? Reason)
{
    public static NodeHealth Up { get; } = new(NodeState.Up, null);
}
