using System.Numerics;

namespace OrleansCache.Entries;

/// <summary>The leases that were granted on one key and have not ended.</summary>
internal sealed class Grant
{
    private ulong _holders;
    private long _until;

    internal Grant(string key) => Book = key;

    /// <summary>The key.</summary>
    public string Book { get; }

    /// <summary>The row that the holders have.</summary>
    public RowVersion Identity { get; internal set; }

    /// <summary>The holders, one bit for each by its number.</summary>
    public ulong Holders
    {
        get => Volatile.Read(ref _holders);
        internal set => Volatile.Write(ref _holders, value);
    }

    /// <summary>The moment on the granter's clock, in milliseconds, from which no lease is valid any more.</summary>
    public long Until
    {
        get => Volatile.Read(ref _until);
        internal set => Volatile.Write(ref _until, value);
    }

    // The moment at which the table checks whether it has ended; the queue is in this order.
    internal long CheckedAt;

    internal Grant? Next;

    /// <summary>
    /// Whether a holder is registered until that moment at least. Takes no lock: holders are removed only when all leases have ended, and
    /// before
    /// <see cref="Until"/> is raised again, which is therefore read first.
    /// </summary>
    internal bool Covers(int holder, long until) => Until >= until && (Holders & (1UL << holder)) != 0;
}

/// <summary>
/// The leases that a granter has granted and that have not ended: an owner to silos, or a silo to clients. Bounded: when the table is full
/// nothing is granted, and answers are given without a lease.
/// <list type="number">
/// <item>Holders have numbers below 64, one bit each; the caller knows what they mean. Number 63 may stand for several holders.</item>
/// <item>All leases on a key count as ending with the latest of them, so there is one moment per key, and it is never too early.</item>
/// <item>A queue has the grants in the order in which they may have ended; one that was extended meanwhile is appended again. So removing
/// ended grants costs one check per grant and lease.</item>
/// </list>
/// Not safe for concurrent use, except for <see cref="Grant.Covers"/>.
/// </summary>
internal sealed class GrantTable(int most)
{
    /// <summary>How many numbers of holders there are.</summary>
    public const int HolderNumbers = 64;

    private readonly Dictionary<string, Grant> _grants = [];
    private Grant? _first;
    private Grant? _last;

    /// <summary>How many grants it holds, some of which may have ended.</summary>
    public int Count => _grants.Count;

    /// <summary>The grant on a key, or null when there is none or it has ended.</summary>
    public Grant? Find(string key, long now) => _grants.TryGetValue(key, out var grant) && grant.Until > now ? grant : null;

    /// <summary>Grants a lease.</summary>
    /// <param name="key">The key.</param>
    /// <param name="identity">The row.</param>
    /// <param name="holder">The number of the holder.</param>
    /// <param name="until">The moment at which the lease ends.</param>
    /// <param name="now">The granter's current moment.</param>
    /// <returns>False when the table is full.</returns>
    public bool TryGrant(string key, RowVersion identity, int holder, long until, long now)
    {
        if (!_grants.TryGetValue(key, out var grant))
        {
            RemoveEnded(now);
            if (_grants.Count >= most)
                return false;
            grant = new(key) { CheckedAt = until };
            _grants.Add(key, grant);
            Append(grant);
        }

        if (grant.Until <= now)
            grant.Holders = 0;
        grant.Identity = identity;
        grant.Holders |= 1UL << holder;
        grant.Until = Math.Max(grant.Until, until);
        return true;
    }

    /// <summary>Replaces the holders of a key, after the leases of all others have been revoked.</summary>
    public void Replace(string key, RowVersion identity, ulong holders, long until, long now)
    {
        if (_grants.TryGetValue(key, out var grant))
        {
            grant.Holders = 0;
            grant.Until = now;
        }

        for (var rest = holders; rest != 0; rest &= rest - 1)
            TryGrant(key, identity, BitOperations.TrailingZeroCount(rest), until, now);
    }

    /// <summary>Removes grants that have ended: up to 64 per call, which is more than are added between two calls.</summary>
    public void RemoveEnded(long now)
    {
        for (var checks = 0; checks < 64 && _first is { } first && first.CheckedAt <= now; checks++)
        {
            _first = first.Next;
            if (_first is null)
                _last = null;
            first.Next = null;
            if (first.Until <= now)
            {
                _grants.Remove(first.Book);
            }
            else
            {
                first.CheckedAt = first.Until;
                Append(first);
            }
        }
    }

    /// <summary>The grants that have not ended.</summary>
    public IEnumerable<Grant> Live(long now) => _grants.Values.Where(grant => grant.Until > now);

    private void Append(Grant grant)
    {
        if (_last is null)
            _first = grant;
        else
            _last.Next = grant;
        _last = grant;
    }
}
