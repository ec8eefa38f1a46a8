namespace OrleansCache.Routing;

/// <summary>What a router is to the silos of its region. Its key is the region's name.</summary>
[Alias("OrleansCache.IRingSource")]
public interface IRingSource : IGrainWithStringKey
{
    /// <summary>The ring as it is now.</summary>
    /// <param name="known">The version that the silo has; the answer's is never lower, whatever router gave it.</param>
    [Alias("GetTopology")]
    Task<RingTopology> GetTopologyAsync(long known);

    /// <summary>Reports that a silo has given up on a node for now.</summary>
    /// <param name="silo">The silo's name.</param>
    /// <param name="node">The node's name.</param>
    [Alias("ReportDown")]
    Task ReportDownAsync(string silo, string node);
}
