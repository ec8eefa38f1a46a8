using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OrleansCache.LocalClusters;

/// <summary>How a local cluster is to be.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>The SQLite file of the catalog; made when it is not there.</summary>
    public required string CatalogPath { get; init; }

    /// <summary>What stands for the regions' Redis.</summary>
    public LocalNodes Nodes { get; init; } = LocalNodes.Auto;

    /// <summary>The regions; the first one is home.</summary>
    public IReadOnlyList<string> Regions { get; init; } = ["europe", "asia", "northamerica"];

    /// <summary>Silos in each region.</summary>
    public int SilosPerRegion { get; init; } = 1;

    /// <summary>How long copies stay.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long absences stay.</summary>
    public TimeSpan AbsentTimeToLive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The bytes that copies may take in each silo.</summary>
    public long MemoryBudgetBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Further settings of the section <c>OrleansCache</c>, by their names below it.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Adds to the services of each silo, before those of the cache; for tests.</summary>
    internal Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>From which level on the silos' log goes to standard error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.None;
}
