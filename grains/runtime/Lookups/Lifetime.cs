using OrleansCache.Configuration;

namespace OrleansCache.Lookups;

/// <summary>How long a copy stays after its row was read from the catalog.</summary>
internal static class Lifetime
{
    private const double Jitter = 0.1;

    /// <summary>The time to live of a row, less up to a tenth: copies that were loaded together must not all end together.</summary>
    public static TimeSpan Of(CachedRow row, CacheOptions settings) =>
        (row.Exists ? settings.TimeToLive : settings.AbsentTimeToLive) * (1 - (Jitter * Random.Shared.NextDouble()));
}
