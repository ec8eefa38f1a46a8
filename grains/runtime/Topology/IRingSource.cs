namespace OrleansCache.Topology;

/// <summary>What a router is to the silos of its region. Its key is the region's name.</summary>
[Alias("OrleansCache.IRingSource")]
public interface IRingSource : IGrainWithStringKey
{
    /// <summary>The ring as it is now.</summary>
    /// <param name="known">The version that the silo has; the answer's is never lower, whatever router gave it.</param>
    [Alias("GetTopology")]
    Task<RingTopology> GetTopologyAsync(long known);

    /// <summary>Reports which nodes a silo has given up on for now; repeated while there are any.</summary>
    /// <param name="silo">The silo's name.</param>
    /// <param name="down">The names of all of them; empty when it reaches every node again.</param>
    [Alias("Report")]
    Task ReportAsync(string silo, string[] down);
}
