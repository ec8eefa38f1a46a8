using System.Collections.Immutable;

namespace OrleansCache;

/// <summary>Where a region holds an entry now.</summary>
/// <param name="Region">The region.</param>
/// <param name="Silos">Its silos, sorted by name.</param>
/// <param name="Node">The node of the key; null while no node of the region is up.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.RegionCopies")]
public sealed record RegionInspection(
    [property: Id(0)] string Region,
    [property: Id(1)] ImmutableArray<SiloInspection> Silos,
    [property: Id(2)] NodeInspection? Node);
