using OrleansCache.Catalogs;

namespace OrleansCache.Topology;

/// <summary>
/// Keeps what operators change of a local cluster's nodes. The servers that the cluster starts for itself listen elsewhere the next
/// time, and somebody else may have their ports by then, so they are kept by a word instead of an address.
/// </summary>
internal sealed class LocalTopology(ITopologyStore store, Func<string, string> connectionOf) : ITopologyStore
{
    /// <summary>The connection that stands for the region's own server of this run, whatever its address; the catalog keeps it by this word.</summary>
    public const string OwnServer = "local";

    public async Task<StoredTopology?> ReadTopologyAsync(string region, CancellationToken cancellation)
    {
        var own = connectionOf(region);
        return await store.ReadTopologyAsync(region, cancellation) is { } kept ? Exchange(kept, OwnServer, own) : null;
    }

    public Task<bool> WriteTopologyAsync(string region, StoredTopology topology, CancellationToken cancellation) =>
        store.WriteTopologyAsync(region, Exchange(topology, connectionOf(region), OwnServer), cancellation);

    private static StoredTopology Exchange(StoredTopology topology, string from, string to) => topology with
    {
        Nodes = [.. topology.Nodes.Select(node => node.Connection == from ? node with { Connection = to } : node)],
    };
}
