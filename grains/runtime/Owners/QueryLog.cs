using OrleansCache.Diagnostics;

namespace OrleansCache.Owners;

/// <summary>Counts the queries for rows, and knows how the newest one that has ended went.</summary>
internal sealed class QueryLog(SiloCounters counters)
{
    private readonly Lock _gate = new();
    private long _begun;
    private long _newest;

    /// <summary>Whether the newest query that has ended has failed, or was given up; none has at first.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Counts a query.</summary>
    /// <returns>Its number, for <see cref="Ended"/>.</returns>
    public long Began(int rows)
    {
        counters.CountCatalogQuery(rows);
        return Interlocked.Increment(ref _begun);
    }

    public void Ended(long number, TimeSpan elapsed, bool hasFailed)
    {
        counters.CountQueryTime(elapsed, hasFailed);
        lock (_gate)
        {
            // One that is given up says nothing about the catalog when a later one has been answered meanwhile.
            if (number < _newest)
                return;
            _newest = number;
            HasFailed = hasFailed;
        }
    }
}
