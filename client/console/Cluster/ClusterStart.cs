using Microsoft.Extensions.Logging;
using OrleansCache.Catalogs;

namespace OrleansCache.Cli.Cluster;

/// <summary>What <c>./run cluster</c> was asked for.</summary>
internal sealed record ClusterStart
{
    /// <summary>The catalog; null for a throw-away PostgreSQL server.</summary>
    public CatalogSettings? Catalog { get; init; }

    public int SilosPerRegion { get; init; } = 1;

    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether what ends is started again.</summary>
    public bool Restart { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}
