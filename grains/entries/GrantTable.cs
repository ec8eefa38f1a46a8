using System.Numerics;

namespace OrleansCache.Entries;

/// <summary>
/// What was granted on books and has not ended yet: by an owner to silos, by a silo to clients. Bounded: when it is full, nothing
/// more is granted, and answers are given without a lease.
/// <list type="number">
/// <item>Holders have numbers below 64, one bit each; who knows what they mean is the caller. Number 63 may stand for several.</item>
/// <item>A grant ends at the latest of its holders' ends, so it is one moment, and never too early.</item>
/// <item>Grants stand in one queue in the order in which they may have ended; a grant that was extended meanwhile goes to its end
/// again. So letting go of ended grants costs each of them one look per lease.</item>
/// </list>
/// Not safe for concurrent use.
/// </summary>
public sealed class GrantTable(int most)
{
    /// <summary>The number of holders that can be told apart.</summary>
    public const int HolderNumbers = 64;

    private readonly Dictionary<string, Grant> _grants = [];
    private Grant? _first;
    private Grant? _last;

    /// <summary>The grants that it holds.</summary>
    public int Count => _grants.Count;

    /// <summary>The grant on a book that has not ended, or null.</summary>
    public Grant? Find(string key, long now) => _grants.TryGetValue(key, out var grant) && grant.Until > now ? grant : null;

    /// <summary>Grants a lease.</summary>
    /// <param name="key">On which book.</param>
    /// <param name="identity">On which row of it.</param>
    /// <param name="holder">To whom.</param>
    /// <param name="until">Until when.</param>
    /// <param name="now">The granter's moment.</param>
    /// <returns>Whether it was granted; otherwise there is no room.</returns>
    public bool TryGrant(string key, RowVersion identity, int holder, long until, long now)
    {
        if (!_grants.TryGetValue(key, out var grant))
        {
            LetGo(now);
            if (_grants.Count >= most)
                return false;
            grant = new(key) { LookedAt = until };
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

    /// <summary>Replaces the holders of a book, after all others have given their leases back.</summary>
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

    /// <summary>Lets go of grants that have ended; a few at each call, more than can come meanwhile.</summary>
    public void LetGo(long now)
    {
        for (var looks = 0; looks < 64 && _first is { } first && first.LookedAt <= now; looks++)
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
                first.LookedAt = first.Until;
                Append(first);
            }
        }
    }

    /// <summary>The books on which there are grants that have not ended.</summary>
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
