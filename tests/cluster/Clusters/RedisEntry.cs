namespace OrleansCache.Tests.Clusters;

/// <summary>The value in a Redis for a book's key.</summary>
public sealed record RedisEntry(byte[] Value, TimeSpan? TimeToLive);
