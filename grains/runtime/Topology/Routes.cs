using OrleansCache.Redis;

namespace OrleansCache.Topology;

/// <summary>A ring with the nodes that its members stand for. Immutable, so that a lookup uses one throughout.</summary>
internal sealed class Routes(HashRing ring, INode[] nodes)
{
    public static Routes Empty { get; } = new(HashRing.Create(-1, []), []);

    public long Version => ring.Version;

    /// <summary>The node that a book belongs to, or null while no node is up.</summary>
    public INode? NodeOf(ulong hash) => ring.IndexOf(hash) is >= 0 and var index ? nodes[index] : null;
}
