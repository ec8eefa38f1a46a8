using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansCache;
using OrleansCache.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the book cache to the health checks of an application.</summary>
public static class BookCacheHealthCheckExtensions
{
    /// <summary>
    /// Adds a check of the connections to the regions: healthy while the application's region is connected, degraded while only others
    /// are, unhealthy when none is. It sends nothing.
    /// </summary>
    /// <param name="checks">The application's health checks.</param>
    /// <param name="region">The application's region; null when any region will do.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What it reports when no region is connected; null for unhealthy.</param>
    /// <param name="tags">The tags by which checks are chosen.</param>
    public static IHealthChecksBuilder AddBookCache(
        this IHealthChecksBuilder checks,
        string? region = null,
        string name = "orleanscache",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(checks);
        return checks.Add(new(
            name,
            provider => new BookCacheHealthCheck(
                provider.GetRequiredService<ICacheOperations>(), provider.GetRequiredService<RegionMap>(), region),
            failureStatus,
            tags));
    }
}
