using System.Collections.Immutable;

namespace OrleansCache;

/// <summary>What a silo did for one lookup.</summary>
/// <param name="Silo">The silo's name.</param>
/// <param name="Elapsed">How long the silo took.</param>
/// <param name="Steps">What it did, in the order in which it began.</param>
/// <param name="RoundTrip">The time from the request to its answer, as the caller measured it; zero at the silo.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.LookupTrace")]
internal sealed record LookupTrace(
    [property: Id(0)] string Silo,
    [property: Id(1)] TimeSpan Elapsed,
    [property: Id(2)] ImmutableArray<LookupStep> Steps,
    [property: Id(3)] TimeSpan RoundTrip = default);

/// <summary>A step of a lookup at a silo.</summary>
/// <param name="Tier">Who was asked.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Start">When it began, counted from the arrival of the lookup at the silo.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Node">The node that was asked.</param>
/// <param name="IsFormer">Whether the key belonged to that node only before the ring changed.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.LookupStep")]
internal readonly record struct LookupStep(
    [property: Id(0)] Tier Tier,
    [property: Id(1)] LookupStepResult Result,
    [property: Id(2)] TimeSpan Start,
    [property: Id(3)] TimeSpan Elapsed,
    [property: Id(4)] string? Node = null,
    [property: Id(5)] bool IsFormer = false);

/// <summary>What became of a step of a lookup.</summary>
internal enum LookupStepResult
{
    /// <summary>It had nothing.</summary>
    Miss,

    /// <summary>It had an entry; in a silo's memory one under a lease.</summary>
    Hit,

    /// <summary>It had an entry without a lease, about which the owner must be asked.</summary>
    Hint,

    /// <summary>The owner knew without a query that the entry is current.</summary>
    Confirmed,

    /// <summary>The row was read from the catalog.</summary>
    Read,

    /// <summary>It could not be asked, or did not answer.</summary>
    Failed,

    /// <summary>Another lookup had begun to load the same key, and its answer was awaited.</summary>
    Joined,
}

/// <summary>A silo's answer to a lookup that was traced.</summary>
/// <param name="Answer">The answer; null when the silo has shed the lookup.</param>
/// <param name="Trace">What the silo did.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.TracedAnswer")]
internal sealed record TracedAnswer([property: Id(0)] LookupAnswer? Answer, [property: Id(1)] LookupTrace Trace);
