using System.Collections.Immutable;

namespace OrleansCache;

/// <summary>What may be seen of a region's ring.</summary>
/// <param name="Region">The region.</param>
/// <param name="Version">Rises with every change.</param>
/// <param name="Nodes">The nodes, by name.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.RegionRing")]
public sealed record RegionRing(
    [property: Id(0)] string Region,
    [property: Id(1)] long Version,
    [property: Id(2)] ImmutableArray<RingNode> Nodes);
