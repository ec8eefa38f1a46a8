namespace OrleansCache.Model.Rules;

/// <summary>What a new owner may grant while it does not know whom its predecessors granted to.</summary>
internal enum FirstGrants
{
    /// <summary>Every row: enough for G1 and G2 while only one process crashes. Each of the others only takes moves away from it.</summary>
    AtOnce,

    /// <summary>
    /// Rows that have not changed for one lease, because every lease on an older version has then ended, whoever granted it.
    /// </summary>
    RestedRows,

    /// <summary>Nothing before every live silo has dropped its leases, or one lease has passed.</summary>
    AfterDrops,
}
