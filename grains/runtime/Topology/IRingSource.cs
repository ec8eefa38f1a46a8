using System.Collections.Immutable;
using OrleansCache.Redis;

namespace OrleansCache.Topology;

/// <summary>The side of a router grain that the silos of its region use. Its key is the region's name.</summary>
[Alias("OrleansCache.IRingSource")]
internal interface IRingSource : IGrainWithStringKey
{
    /// <summary>The current ring.</summary>
    /// <param name="known">The version that the silo uses; the version of the result is never lower, even from a new router.</param>
    [Alias("GetTopology")]
    Task<RingTopology> GetTopologyAsync(long known);

    /// <summary>Reports the nodes that are not up as a silo finds them by using them; repeated while there are any.</summary>
    /// <param name="silo">The silo's name.</param>
    /// <param name="nodes">All of them; empty when every node is up again.</param>
    [Alias("Report")]
    Task ReportAsync(string silo, NodeTrouble[] nodes);
}

/// <summary>A region's ring as its router publishes it to the region's silos: with the nodes' connections.</summary>
/// <param name="Region">The region.</param>
/// <param name="Version">Rises with every change.</param>
/// <param name="Nodes">The nodes, up or down.</param>
/// <param name="Down">The names of those that are off the ring until they respond again.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.RingTopology")]
internal sealed record RingTopology(
    [property: Id(0)] string Region,
    [property: Id(1)] long Version,
    [property: Id(2)] ImmutableArray<NodeDefinition> Nodes,
    [property: Id(3)] ImmutableArray<string> Down)
{
    /// <summary>The ring of the nodes that are up.</summary>
    public HashRing ToRing() =>
        HashRing.Create(Version, Nodes.Where(node => !Down.Contains(node.Name)).Select(node => new RingMember(node.Name, node.Weight)));
}
