namespace OrleansCache.Tests.Clusters;

/// <summary>What a Redis holds under a book's key.</summary>
public sealed record RedisEntry(byte[] Value, TimeSpan? TimeToLive);
