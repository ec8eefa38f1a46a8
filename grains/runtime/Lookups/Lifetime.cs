using OrleansCache.Configuration;

namespace OrleansCache.Lookups;

/// <summary>How long an entry is kept after its row was read from the catalog.</summary>
internal static class Lifetime
{
    private const double Jitter = 0.1;

    /// <summary>
    /// The time to live of a row, less up to a tenth at random, so that entries that were loaded together do not all expire together.
    /// </summary>
    public static TimeSpan Of(CachedRow row, CacheOptions options) =>
        (row.Exists ? options.TimeToLive : options.AbsentTimeToLive) * (1 - (Jitter * Random.Shared.NextDouble()));
}
