namespace OrleansCache;

/// <summary>What the node of a key holds for it now.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Row">The row that it holds; null when it holds none, or did not respond.</param>
/// <param name="TimeToLive">The rest of the entry's TTL.</param>
/// <param name="Problem">Why it did not respond, or null.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.NodeCopy")]
public sealed record NodeInspection(
    [property: Id(0)] string Node,
    [property: Id(1)] CachedRow? Row,
    [property: Id(2)] TimeSpan TimeToLive = default,
    [property: Id(3)] string? Problem = null);
