namespace OrleansCache;

/// <summary>What the node that a book belongs to holds of it now.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Row">What it holds; null when it holds nothing, or did not answer.</param>
/// <param name="TimeToLive">How long it keeps that at most.</param>
/// <param name="Problem">Why it did not answer, or null.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.NodeCopy")]
public sealed record NodeInspection(
    [property: Id(0)] string Node,
    [property: Id(1)] CachedRow? Row,
    [property: Id(2)] TimeSpan TimeToLive = default,
    [property: Id(3)] string? Problem = null);
