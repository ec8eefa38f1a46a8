using System.Diagnostics;

namespace OrleansCache.Telemetry;

/// <summary>
/// The names under which silos and clients publish metrics and traces. docs/metrics.md lists all instruments. No tag has a key as its
/// value: there are as many keys as books.
/// </summary>
internal static class TelemetryNames
{
    /// <summary>The meter of all instruments, and the source of all activities.</summary>
    public const string Name = "OrleansCache";

    /// <summary>Where a lookup was answered: near, silo, redis, owner, catalog.</summary>
    public const string Tier = "orleanscache.tier";

    /// <summary>A region.</summary>
    public const string Region = "orleanscache.region";

    /// <summary>A node of a region.</summary>
    public const string Node = "orleanscache.node";

    /// <summary>How something has ended.</summary>
    public const string Result = "orleanscache.result";

    /// <summary>What an answer had to give up: stale, unleased.</summary>
    public const string Flag = "orleanscache.flag";

    /// <summary>A cache within the process, as .NET's own cache metrics name it.</summary>
    public const string CacheName = "cache.name";

    /// <summary>Whether a request was a hit or a miss, as .NET's own cache metrics name it.</summary>
    public const string RequestType = "cache.request.type";

    /// <summary>Why an entry has left.</summary>
    public const string Reason = "orleanscache.reason";

    /// <summary>The name of a tier as a tag.</summary>
    public static string Of(Tier tier) => tier switch
    {
        OrleansCache.Tier.Near => "near",
        OrleansCache.Tier.Silo => "silo",
        OrleansCache.Tier.Redis => "redis",
        OrleansCache.Tier.Owner => "owner",
        _ => "catalog",
    };

    /// <summary>The name of an edit's outcome as a tag.</summary>
    public static string Of(EditOutcome outcome) => outcome switch
    {
        EditOutcome.Created => "created",
        EditOutcome.Updated => "updated",
        EditOutcome.Removed => "removed",
        EditOutcome.Unchanged => "unchanged",
        _ => "conflict",
    };

    /// <summary>The buckets of durations, in seconds: from a hit in memory to an edit that waits for a lease.</summary>
    public static IReadOnlyList<double> DurationBuckets { get; } =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
}

/// <summary>The traces of silos and clients. A hit of a near cache makes none.</summary>
internal static class Tracing
{
    /// <summary>The source of all activities.</summary>
    public static ActivitySource Source { get; } = new(TelemetryNames.Name);

    /// <summary>Marks an activity as failed.</summary>
    public static void Fail(this Activity? activity, string reason) => activity?.SetStatus(ActivityStatusCode.Error, reason);
}
