namespace OrleansCache;

/// <summary>A node that is not up for a silo.</summary>
/// <param name="Name">The node.</param>
/// <param name="State">Its state.</param>
/// <param name="Reason">What is wrong with it, in the server's words where it has said something.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.NodeTrouble")]
public sealed record NodeTrouble(
    [property: Id(0)] string Name, [property: Id(1)] NodeState State, [property: Id(2)] string? Reason);
