namespace OrleansCache.Redis;

/// <summary>What a node holds of a book.</summary>
/// <param name="Row">The book, or what says that it was removed.</param>
/// <param name="TimeToLive">What is left of its time to live.</param>
public readonly record struct NodeEntry(CachedRow Row, TimeSpan TimeToLive);
