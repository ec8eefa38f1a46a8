using System.Collections.Immutable;

namespace OrleansCache;

/// <summary>A region's ring as operators and clients see it, without connection strings.</summary>
/// <param name="Region">The region.</param>
/// <param name="Version">Increases with every change.</param>
/// <param name="Nodes">The nodes, sorted by name.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.RegionRing")]
public sealed record RegionRing(
    [property: Id(0)] string Region,
    [property: Id(1)] long Version,
    [property: Id(2)] ImmutableArray<RingNode> Nodes);
