using System.Collections.Immutable;
using OrleansCache.Redis;

namespace OrleansCache.Topology;

/// <summary>A region's ring as its router tells it to the region's silos: with the nodes' connections.</summary>
/// <param name="Region">The region.</param>
/// <param name="Version">Rises with every change.</param>
/// <param name="Nodes">The nodes, up or down.</param>
/// <param name="Down">The names of those that are off the ring until they answer again.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.RingTopology")]
public sealed record RingTopology(
    [property: Id(0)] string Region,
    [property: Id(1)] long Version,
    [property: Id(2)] ImmutableArray<NodeDefinition> Nodes,
    [property: Id(3)] ImmutableArray<string> Down)
{
    /// <summary>The ring of the nodes that are up.</summary>
    public HashRing ToRing() =>
        HashRing.Create(Version, Nodes.Where(node => !Down.Contains(node.Name)).Select(node => new RingMember(node.Name, node.Weight)));
}
