namespace OrleansCache.Redis;

/// <summary>What the removal of all entries of a node has done.</summary>
/// <param name="Removed">How many entries were removed.</param>
/// <param name="Problems">The shards that were not emptied, each with the reason; empty when all were.</param>
internal sealed record NodePurge(long Removed, IReadOnlyList<string> Problems);
