namespace OrleansCache.Model.Rules;

/// <summary>What a new owner may grant before it knows the holders of its predecessors' leases.</summary>
internal enum FirstGrants
{
    /// <summary>Every row. Enough for G1 and G2 as long as only one process crashes. The other values only remove moves.</summary>
    AtOnce,

    /// <summary>
    /// Rows that have not changed for one lease: by then every lease on an older version has ended, whichever owner granted it.
    /// </summary>
    RestedRows,

    /// <summary>Nothing until every live silo has dropped its leases, or one lease has passed.</summary>
    AfterDrops,
}
