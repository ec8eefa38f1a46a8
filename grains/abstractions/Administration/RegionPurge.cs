using System.Collections.Immutable;

namespace OrleansCache;

/// <summary>The result of a purge in a region.</summary>
/// <param name="Region">The region.</param>
/// <param name="Silos">The silos that have removed the entries, their clients' near caches included.</param>
/// <param name="SilentSilos">The silos that did not confirm in time; they may keep entries until their TTL ends.</param>
/// <param name="Nodes">The nodes that have removed the entries.</param>
/// <param name="SilentNodes">The nodes that could not be reached, or did not finish in time.</param>
/// <param name="Entries">How many entries were removed from the nodes, when all of a region's were purged; else null.</param>
/// <param name="Problems">Why nodes, or shards of them, were not purged, each with its name.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.RegionPurge")]
public sealed record RegionPurge(
    [property: Id(0)] string Region,
    [property: Id(1)] ImmutableArray<string> Silos,
    [property: Id(2)] ImmutableArray<string> SilentSilos,
    [property: Id(3)] ImmutableArray<string> Nodes,
    [property: Id(4)] ImmutableArray<string> SilentNodes,
    [property: Id(5)] long? Entries,
    [property: Id(6)] ImmutableArray<string> Problems);
