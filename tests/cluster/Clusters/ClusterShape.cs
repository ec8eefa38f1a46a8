namespace OrleansCache.Tests.Clusters;

/// <summary>The regions, silos, nodes and settings of a test's cluster.</summary>
public sealed record ClusterShape
{
    /// <summary>The regions; the first one is the home region.</summary>
    public IReadOnlyList<string> Regions { get; init; } = ["europe", "asia", "northamerica"];

    /// <summary>The silos' names in the order of their start; those beyond <see cref="SilosAtFirst"/> are started by the test.</summary>
    public IReadOnlyList<string> Silos { get; init; } = ["europe.1", "asia.1", "northamerica.1"];

    /// <summary>The regions that a silo is configured with, by its number from 0 in <see cref="Silos"/>. Default: all.</summary>
    public Func<int, IReadOnlyList<string>>? RegionsKnownTo { get; init; }

    /// <summary>The number of silos that run when the test begins. Default: all.</summary>
    public int? SilosAtFirst { get; init; }

    /// <summary>Whether each region has a <c>redis-server</c>; otherwise each silo has an in-memory node of its own.</summary>
    public bool Redis { get; init; } = true;

    /// <summary>Whether the silos' clocks stand still until the test advances them.</summary>
    public bool StoppedClocks { get; init; }

    /// <summary>Further settings by their names below the section <c>OrleansCache</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings with which a silo finds out quickly that a node has failed or is back.</summary>
    public static Dictionary<string, string> QuickNodes() => new()
    {
        // On a slow machine an owner must not be taken for unreachable.
        ["OwnerBudget"] = "00:00:20",
        ["OwnerPatience"] = "00:00:20",
        ["RingRefresh"] = "00:00:00.200",
        ["NodeTrial"] = "00:00:00.100",
        ["Node:RetryAfter"] = "00:00:00.100",
    };
}
