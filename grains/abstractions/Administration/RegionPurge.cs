using System.Collections.Immutable;

namespace OrleansCache;

/// <summary>Who in a region has let go of copies that were to be dropped.</summary>
/// <param name="Region">The region.</param>
/// <param name="Silos">The silos that hold none of them any more, nor do the clients below them.</param>
/// <param name="SilentSilos">The silos that did not say so in time; theirs may live out their time.</param>
/// <param name="Nodes">The nodes that hold none of them any more.</param>
/// <param name="SilentNodes">The nodes that could not be reached, or were not through in time.</param>
/// <param name="Entries">How many entries were removed from the nodes when all of a region's were to be; else null.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.RegionPurge")]
public sealed record RegionPurge(
    [property: Id(0)] string Region,
    [property: Id(1)] ImmutableArray<string> Silos,
    [property: Id(2)] ImmutableArray<string> SilentSilos,
    [property: Id(3)] ImmutableArray<string> Nodes,
    [property: Id(4)] ImmutableArray<string> SilentNodes,
    [property: Id(5)] long? Entries);
