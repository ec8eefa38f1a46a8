namespace OrleansCache.Diagnostics;

/// <summary>What a silo counts during lookups. All members are thread-safe.</summary>
internal sealed class SiloCounters
{
    private readonly long[] _hits = new long[Enum.GetValues<Tier>().Length * Spacing];
    private long _nodeReads;
    private long _nodeFailures;
    private long _nodeWritesDropped;
    private long _catalogRows;
    private long _catalogQueries;
    private long _renewals;
    private long _shed;

    // Each tier's counter has a cache line of its own, so that counting one tier's hits does not slow down another's.
    private const int Spacing = 8;

    /// <summary>Reads sent to the region's nodes.</summary>
    public long NodeReads => Volatile.Read(ref _nodeReads);

    /// <summary>Calls to nodes that failed.</summary>
    public long NodeFailures => Volatile.Read(ref _nodeFailures);

    /// <summary>Writes to nodes that were dropped because the queue was full.</summary>
    public long NodeWritesDropped => Volatile.Read(ref _nodeWritesDropped);

    /// <summary>Rows read from the catalog to renew leases on them.</summary>
    public long Renewals => Volatile.Read(ref _renewals);

    /// <summary>Lookups refused because the silo had too many loads in flight.</summary>
    public long Shed => Volatile.Read(ref _shed);

    /// <summary>Rows read from the catalog.</summary>
    public long CatalogRows => Volatile.Read(ref _catalogRows);

    /// <summary>Queries that read them.</summary>
    public long CatalogQueries => Volatile.Read(ref _catalogQueries);

    /// <summary>Lookups answered by a tier.</summary>
    public long Hits(Tier tier) => Volatile.Read(ref _hits[(int)tier * Spacing]);

    /// <summary>Counts a lookup by the tier that answered it.</summary>
    public void CountHit(Tier tier) => Interlocked.Increment(ref _hits[(int)tier * Spacing]);

    /// <summary>Counts a refused lookup.</summary>
    public void CountShed() => Interlocked.Increment(ref _shed);

    /// <summary>Counts a read sent to a node.</summary>
    public void CountNodeRead() => Interlocked.Increment(ref _nodeReads);

    /// <summary>Counts a failed call to a node.</summary>
    public void CountNodeFailure() => Interlocked.Increment(ref _nodeFailures);

    /// <summary>Counts a write that was dropped.</summary>
    public void CountNodeWriteDropped() => Interlocked.Increment(ref _nodeWritesDropped);

    /// <summary>Counts a query of the catalog.</summary>
    public void CountCatalogQuery(int rows, int renewals = 0)
    {
        Interlocked.Increment(ref _catalogQueries);
        Interlocked.Add(ref _renewals, renewals);
        Interlocked.Add(ref _catalogRows, rows);
    }
}
