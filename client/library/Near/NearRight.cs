namespace OrleansCache.Client;

/// <summary>The right to answer from what a lookup brought: a lease, for as long as the book is not revoked.</summary>
/// <param name="Until">The moment on the near cache's clock, in milliseconds, from which it has ended.</param>
/// <param name="Revocations">How often the book had been revoked when it was asked for.</param>
internal readonly record struct NearRight(long Until, long Revocations)
{
    /// <summary>No right but that of whoever asked.</summary>
    public static NearRight None => new(long.MinValue, 0);
}
