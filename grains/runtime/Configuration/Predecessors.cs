namespace OrleansCache.Configuration;

/// <summary>Who may have granted leases that are still valid when a silo starts.</summary>
public enum Predecessors
{
    /// <summary>Nobody knows: the first edits wait until all leases that there may be have ended.</summary>
    Unknown,

    /// <summary>Those that the table of silos says have left, as in a cluster whose table outlives its silos.</summary>
    InTable,

    /// <summary>Nobody: the cluster lives and ends with one process.</summary>
    None,
}
