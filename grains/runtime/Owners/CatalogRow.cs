using OrleansCache.Entries;

namespace OrleansCache.Owners;

/// <summary>The result of a catalog read.</summary>
/// <param name="Row">The row; it may say that the book does not exist.</param>
/// <param name="StartedAt">When the read began: milliseconds on the silo's clock.</param>
internal sealed record CatalogRow(CachedRow Row, long StartedAt)
{
    /// <summary>How long ago the read began.</summary>
    public TimeSpan Age(Clock clock) => TimeSpan.FromMilliseconds(Math.Max(0, clock.Now - StartedAt));
}
