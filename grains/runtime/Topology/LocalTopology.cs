using OrleansCache.Catalogs;

namespace OrleansCache.Topology;

/// <summary>
/// Stores the topology of a development cluster. The servers that such a cluster starts have other ports in its next run, and other
/// programs may listen on the old ones by then, so the catalog keeps a placeholder instead of their addresses.
/// </summary>
internal sealed class LocalTopology(ITopologyStore store, Func<string, string> connectionOf) : ITopologyStore
{
    /// <summary>The placeholder for the connection to the server that this run has started for the region.</summary>
    public const string OwnServer = "local";

    public async Task<StoredTopology?> ReadTopologyAsync(string region, CancellationToken cancellation)
    {
        var own = connectionOf(region);
        return await store.ReadTopologyAsync(region, cancellation) is { } stored ? Replace(stored, OwnServer, own) : null;
    }

    public Task<bool> WriteTopologyAsync(string region, StoredTopology topology, CancellationToken cancellation) =>
        store.WriteTopologyAsync(region, Replace(topology, connectionOf(region), OwnServer), cancellation);

    private static StoredTopology Replace(StoredTopology topology, string from, string to) => topology with
    {
        Nodes = [.. topology.Nodes.Select(node => node.Connection == from ? node with { Connection = to } : node)],
    };
}
