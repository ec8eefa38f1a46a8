using OrleansCache.Entries;
using OrleansCache.Leases;

namespace OrleansCache.Owners;

/// <summary>The leases that an owner has granted on the keys of its slot: which silos hold which row, and until when.</summary>
internal sealed class SlotLeases(OwnerServices services)
{
    private readonly GrantTable _grants = new(Math.Max(1_000, 2 * services.Settings.Leases.MaxLeasedBooks / services.Settings.Slots));
    private readonly HolderNumbers<string> _holders = new();

    private long Now => services.Clock.Now;

    /// <summary>Grants a lease, and records it before anybody can learn of it.</summary>
    /// <param name="holder">The silo that gets it.</param>
    /// <param name="row">The row that it is on.</param>
    /// <param name="readAt">When the catalog read of the row began; the lease counts from then.</param>
    /// <param name="end">The moment at which it ends at the latest.</param>
    /// <returns>How long it lasts from now on; zero when none was granted.</returns>
    public TimeSpan Grant(string holder, CachedRow row, long readAt, long end)
    {
        var now = Now;
        var until = Math.Min(readAt + services.Times.Length, end - LeaseTimes.Tick);
        if (until <= now)
            return TimeSpan.Zero;
        var number = _holders.NumberOf(holder, until + LeaseTimes.Tick, now);
        return _grants.TryGrant(row.Key, row.Identity, number, until + LeaseTimes.Tick, now)
            ? TimeSpan.FromMilliseconds(until - now)
            : TimeSpan.Zero;
    }

    /// <summary>The leases on a key that have not ended; null when there are none.</summary>
    public Grant? Find(string key) => _grants.Find(key, Now);

    /// <summary>Whether leases are out on another row than this one, so that somebody else has written this one.</summary>
    public bool IsOutOfBand(CachedRow row) => Find(row.Key) is { } grant && grant.Identity != row.Identity;

    /// <summary>The silos that hold a lease.</summary>
    public IEnumerable<string> HoldersOf(Grant grant) => _holders.Of(grant.Holders);

    /// <summary>Records that every lease on a key was revoked or has ended.</summary>
    public void Remove(CachedRow row) => _grants.Replace(row.Key, row.Identity, 0, Now, Now);

    /// <summary>Grants leases on a new row to the silos that have given up theirs on the old one, in place of all others.</summary>
    /// <returns>Whether they were granted; otherwise there is no room.</returns>
    public bool TryReplace(CachedRow row, IEnumerable<string> holders)
    {
        var ended = services.Times.EndedAt(Now);
        // The numbers are asked for anew: each must last as long as the grant, or another holder could get it meanwhile.
        var numbers = holders.Aggregate(0UL, (all, holder) => all | (1UL << _holders.NumberOf(holder, ended, Now)));
        _grants.Replace(row.Key, row.Identity, numbers, ended, Now);
        return numbers == 0 || Find(row.Key) is { Holders: not 0 };
    }
}
