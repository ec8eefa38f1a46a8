namespace OrleansCache.Entries;

/// <summary>Leases: how entries get and lose the right to be used, and what was granted on them to those below.</summary>
public sealed partial class LeasedEntryTable
{
    // A grant with its places in its table and its queue.
    private const int BytesPerGrant = 200;

    private readonly GrantTable _clientGrants;
    private readonly GenerationAges _ages;
    private readonly RenewalRules? _renewal;
    private readonly List<CacheEntry> _renewable = [];

    private long GrantBytes => (long)_clientGrants.Count * BytesPerGrant;

    /// <summary>Gives an entry a new lease on the row that it holds.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="identity">The row that the lease is on.</param>
    /// <param name="leaseEnds">The end of the lease.</param>
    /// <param name="observedEpoch">What <see cref="RevocationEpochs.Current(string)"/> was before it was asked for.</param>
    /// <returns>Whether it may be used again; not when it was revoked since, holds another row, or has left.</returns>
    public bool TryExtend(CacheEntry entry, RowVersion identity, long leaseEnds, long observedEpoch)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            if (_isClosed || entry.State is not EntryState.Kept || entry.Row.Identity != identity || Epochs.Current(entry.Book) != observedEpoch)
                return false;
            if (leaseEnds > entry.Lifetime.LeaseEnds || entry.UsableUntil == long.MinValue)
            {
                entry.Extend(leaseEnds);
                Refile(entry);
            }

            return true;
        }
    }

    /// <summary>Lets an entry stay for longer, because its row was read again and was the same.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="identity">The row that was read.</param>
    /// <param name="since">When it was read, at the earliest.</param>
    /// <param name="ends">The end of its time to live from then on.</param>
    /// <param name="observedEpoch">What <see cref="RevocationEpochs.Current(string)"/> was before it was read.</param>
    /// <returns>Whether it stays; not when it was revoked since, holds another row, or has left.</returns>
    public bool TryProlong(CacheEntry entry, RowVersion identity, long since, long ends, long observedEpoch)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            if (_isClosed || entry.State is not EntryState.Kept || entry.Row.Identity != identity || Epochs.Current(entry.Book) != observedEpoch)
                return false;
            entry.Prolong(since, ends);
            Refile(entry);
            return true;
        }
    }

    /// <summary>Gives an entry another row, with a lease on it.</summary>
    /// <returns>Whether it was taken; not when the book was revoked since it was asked for, or the entry has left.</returns>
    public bool TryReplace(CacheEntry entry, CachedRow row, EntryLifetime lifetime, long observedEpoch)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(row);
        List<CacheEntry>? evicted = null;
        lock (_gate)
        {
            if (_isClosed || entry.State is not EntryState.Kept || Epochs.Current(entry.Book) != observedEpoch)
                return false;
            Take(entry, row, lifetime, ref evicted);
        }

        Tell(evicted, EvictionReason.LeastRecentlyUsed);
        return true;
    }

    /// <summary>
    /// Ends the use of entries of these books, wherever they are on their way to, and says who below may still use one. The entries keep
    /// their rows: most edits are of other books of a counter, and a stale row is better than none when nobody can be asked.
    /// </summary>
    public RevocationResult Revoke(IReadOnlyList<string> books)
    {
        ArgumentNullException.ThrowIfNull(books);
        var tokens = new RevocationToken[books.Count];
        List<Grant>? downstream = null;
        lock (_gate)
        {
            var now = _clock.Now;
            for (var i = 0; i < books.Count; i++)
            {
                var epoch = Epochs.Bump(books[i]);
                var held = Find(books[i]);
                for (var entry = held; entry is not null; entry = entry.SameBook)
                    entry.EndUse();
                tokens[i] = new(epoch, now, held is not null);
                if (_clientGrants.Find(books[i], now) is { Holders: not 0 } grant)
                    (downstream ??= []).Add(grant);
            }
        }

        return new(tokens, downstream ?? []);
    }

    /// <summary>As <see cref="Revoke"/>, for all books of a slot.</summary>
    public RevocationResult RevokeSlot(int slot)
    {
        string[] books;
        lock (_gate)
        {
            // What is on its way here may be of any of them.
            Epochs.BumpAll(slot);
            books = [.. HeldHereOrByClients().Where(key => CacheKey.Parse(key).SlotOf(_slots) == slot)];
        }

        return Revoke(books);
    }

    /// <summary>As <see cref="Revoke"/>, for all books.</summary>
    public RevocationResult RevokeAll()
    {
        string[] books;
        lock (_gate)
        {
            for (var slot = 0; slot < _slots; slot++)
                Epochs.BumpAll(slot);
            books = [.. HeldHereOrByClients()];
        }

        return Revoke(books);
    }

    /// <summary>Who below may answer from an entry of a book, a bit for each by its number; see <see cref="GrantTable"/>.</summary>
    public ulong ClientGrants(string key)
    {
        lock (_gate)
            return _clientGrants.Find(key, _clock.Now)?.Holders ?? 0;
    }

    /// <summary>Ends the use of all entries for good; nothing is kept or granted from here on.</summary>
    /// <returns>The grants to those below that have not ended.</returns>
    public IReadOnlyList<Grant> Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var held in _byBook.All)
            {
                for (var entry = held; entry is not null; entry = entry.SameBook)
                    entry.EndUse();
            }

            return [.. _clientGrants.Live(_clock.Now)];
        }
    }

    /// <summary>Takes the row that a book got by the edit for which it was revoked.</summary>
    /// <param name="row">The row.</param>
    /// <param name="token">What was said of that revocation.</param>
    /// <param name="lifetime">How long it may be used and kept; its lease counts from that revocation.</param>
    /// <returns>Whether it is used; not when the book was revoked again, or is not held any more.</returns>
    public bool TryTake(CachedRow row, RevocationToken token, EntryLifetime lifetime)
    {
        ArgumentNullException.ThrowIfNull(row);
        List<CacheEntry>? evicted = null;
        var taken = false;
        lock (_gate)
        {
            if (!_isClosed && Epochs.Current(row.Key) == token.Epoch)
            {
                for (var entry = Find(row.Key); entry is not null; entry = entry.SameBook)
                {
                    Take(entry, row, lifetime, ref evicted);
                    taken = true;
                }
            }
        }

        Tell(evicted, EvictionReason.LeastRecentlyUsed);
        return taken;
    }

    /// <summary>Grants a client a lease below that of an entry, in the same step in which it is looked whether that one is valid.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="row">The row that the client has or is given.</param>
    /// <param name="client">The client's number; see <see cref="GrantTable"/>.</param>
    /// <returns>How long the client's lease is from now on, in milliseconds; 0 when none can be granted.</returns>
    public long GrantToClient(CacheEntry entry, RowVersion row, int client)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            var now = _clock.Now;
            var until = entry.UsableUntil;
            return until > now && now >= entry.Lifetime.CooldownEnds && entry.Row.Identity == row && _clientGrants.TryGrant(entry.Book, row, client, until, now) ? until - now : 0;
        }
    }

    /// <summary>Takes the entries whose leases are to be renewed now.</summary>
    public CacheEntry[] TakeRenewable()
    {
        lock (_gate)
        {
            if (_renewable.Count == 0)
                return [];
            CacheEntry[] all = [.. _renewable.Where(entry => entry.State is EntryState.Kept)];
            _renewable.Clear();
            return all;
        }
    }

    /// <summary>Has a lease that could not be renewed looked at again before it ends.</summary>
    public void RenewLater(CacheEntry entry, long moment)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            if (entry.State is not EntryState.Kept || moment >= entry.UsableUntil)
                return;
            _expiry.Remove(entry);
            entry.Due = Math.Min(moment, entry.Ends);
            _expiry.Add(entry);
        }
    }

    private void Take(CacheEntry entry, CachedRow row, EntryLifetime lifetime, ref List<CacheEntry>? evicted)
    {
        _bytes -= entry.Bytes;
        Count(entry, -1);
        entry.Take(row, lifetime);
        _bytes += entry.Bytes;
        Count(entry, 1);
        Refile(entry);
        // A row that has grown may push out others, and itself when there is still no room for it.
        MakeRoom(0, ref evicted);
        if (Held > BudgetBytes && entry.State is EntryState.Kept)
        {
            _evictions++;
            Detach(entry, inLru: true);
            (evicted ??= []).Add(entry);
        }
    }

    private IEnumerable<string> HeldHereOrByClients() => _byBook.All.Select(entry => entry.Book).Concat(_clientGrants.Live(_clock.Now).Select(grant => grant.Book)).Distinct();

    private void ConsiderRenewal(CacheEntry entry, long now)
    {
        if (_renewal is not null && entry.UsableUntil > now && Volatile.Read(ref entry.LastUse) >= _ages.At(now - _renewal.UsedWithin) && _renewable.Count < _renewal.Most)
            _renewable.Add(entry);
        _expiry.Remove(entry);
        entry.Due = entry.Ends;
        _expiry.Add(entry);
    }

    private void Refile(CacheEntry entry)
    {
        _expiry.Remove(entry);
        File(entry);
    }

    private void File(CacheEntry entry)
    {
        entry.Due = _renewal is null || entry.Lifetime.LeaseEnds == long.MaxValue ? entry.Ends : Math.Min(entry.Ends, entry.Lifetime.LeaseEnds - _renewal.Before);
        _expiry.Add(entry);
    }
}
