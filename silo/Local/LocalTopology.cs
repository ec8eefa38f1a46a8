using OrleansCache.Catalog;

namespace OrleansCache.Silo.Local;

/// <summary>
/// Keeps what operators change of a local cluster's nodes. The servers that the cluster starts for itself listen elsewhere the next
/// time, and somebody else may have their ports by then, so they are kept by a word instead of an address.
/// </summary>
internal sealed class LocalTopology(ITopologyStore store, Func<string, string> connectionOf) : ITopologyStore
{
    public async Task<StoredTopology?> ReadTopologyAsync(string region, CancellationToken cancellation)
    {
        var own = connectionOf(region);
        return await store.ReadTopologyAsync(region, cancellation) is { } kept ? Exchange(kept, LocalCluster.OwnServer, own) : null;
    }

    public Task<bool> WriteTopologyAsync(string region, StoredTopology topology, CancellationToken cancellation) =>
        store.WriteTopologyAsync(region, Exchange(topology, connectionOf(region), LocalCluster.OwnServer), cancellation);

    private static StoredTopology Exchange(StoredTopology topology, string from, string to) => topology with
    {
        Nodes = [.. topology.Nodes.Select(node => node.Connection == from ? node with { Connection = to } : node)],
    };
}
