namespace OrleansCache.Entries;

/// <summary>
/// Walks through a table after volume leases have ended for good, for the entries that are suspended since, a part at a time. At rest it
/// does nothing. To be called by one thread at a time.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="endings">A number that changes when a volume lease ends for good.</param>
/// <param name="usedWithin">Entries that were not used within this time, in milliseconds, nor are by clients, are left to their next use.</param>
internal sealed class SuspendedEntries(LeasedEntryTable table, Func<long> endings, long usedWithin)
{
    // Some hundred microseconds under the table's lock.
    private const int ChainsPerLock = 2_048;

    private const int LocksPerCall = 32;

    private readonly List<CacheEntry> _found = [];
    private long _endings;
    private int _next;
    private bool _isWalking;
    private bool _mustRepeat;

    /// <summary>The next suspended entries; none at rest. Those that are still suspended later are returned again.</summary>
    /// <param name="most">The number from which no more are looked for; somewhat more may be returned.</param>
    public IReadOnlyList<CacheEntry> Next(int most)
    {
        _found.Clear();
        if (endings() is var now && now != _endings)
        {
            _endings = now;
            (_mustRepeat, _isWalking) = (_isWalking, true);
        }

        for (var locks = 0; _isWalking && locks < LocksPerCall && _found.Count < most; locks++)
        {
            _next = table.FindSuspended(_next, ChainsPerLock, usedWithin, _found);
            _mustRepeat |= _found.Count > 0;
            if (_next > 0)
                continue;
            (_isWalking, _mustRepeat) = (_mustRepeat, false);
            break;
        }

        return [.. _found];
    }
}
