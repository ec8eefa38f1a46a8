using OrleansCache.Entries;

namespace OrleansCache.Owners;

/// <summary>What a read of the catalog gave.</summary>
/// <param name="Row">The row; it may say that there is no book.</param>
/// <param name="StartedAt">The moment on the silo's clock, in milliseconds, at which the read began.</param>
internal sealed record CatalogRow(CachedRow Row, long StartedAt)
{
    /// <summary>How long ago the read began.</summary>
    public TimeSpan Age(Clock clock) => TimeSpan.FromMilliseconds(Math.Max(0, clock.Now - StartedAt));
}
