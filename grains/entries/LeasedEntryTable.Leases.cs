namespace OrleansCache.Entries;

/// <summary>The leases: how entries get and lose the right to be used, and the leases of clients below them.</summary>
internal sealed partial class LeasedEntryTable
{
    // A grant with its places in the dictionary and the queue.
    private const int BytesPerGrant = 200;

    private readonly GrantTable _clientGrants;
    private readonly GenerationAges _ages;
    private readonly RenewalRules? _renewal;
    private readonly List<CacheEntry> _renewable = [];

    private long GrantBytes => (long)_clientGrants.Count * BytesPerGrant;

    /// <summary>Gives an entry a new lease on the row that it holds.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="identity">The row of the lease.</param>
    /// <param name="leaseEnds">The end of the lease.</param>
    /// <param name="observedEpoch">The key's epoch before the lease was requested.</param>
    /// <returns>False when the key was revoked meanwhile, the entry holds another row, or it has left.</returns>
    public bool TryExtend(CacheEntry entry, RowVersion identity, long leaseEnds, long observedEpoch)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            if (_isClosed || entry.State is not EntryState.Kept || entry.Row.Identity != identity || Epochs.Current(entry) != observedEpoch)
                return false;
            if (leaseEnds > entry.Lifetime.LeaseEnds || entry.UsableUntil == long.MinValue)
            {
                entry.Extend(leaseEnds);
                Refile(entry);
            }

            return true;
        }
    }

    /// <summary>Starts an entry's time to live anew, because its row was read again and was the same.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="identity">The row that was read.</param>
    /// <param name="since">The earliest moment at which it may have been read.</param>
    /// <param name="ends">The new end of its time to live.</param>
    /// <param name="observedEpoch">The key's epoch before it was read.</param>
    /// <returns>False when the key was revoked meanwhile, the entry holds another row, or it has left.</returns>
    public bool TryProlong(CacheEntry entry, RowVersion identity, long since, long ends, long observedEpoch)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            if (_isClosed || entry.State is not EntryState.Kept || entry.Row.Identity != identity || Epochs.Current(entry) != observedEpoch)
                return false;
            entry.Prolong(since, ends);
            Refile(entry);
            return true;
        }
    }

    /// <summary>Gives an entry another row, with a lease on it.</summary>
    /// <returns>False when the key was revoked since the row was requested, or the entry has left.</returns>
    public bool TryReplace(CacheEntry entry, CachedRow row, EntryLifetime lifetime, long observedEpoch)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(row);
        List<CacheEntry>? evicted = null;
        lock (_gate)
        {
            if (_isClosed || entry.State is not EntryState.Kept || Epochs.Current(entry) != observedEpoch)
                return false;
            Take(entry, row, lifetime, ref evicted);
        }

        Evict(evicted, EvictionReason.LeastRecentlyUsed);
        return true;
    }

    /// <summary>
    /// Ends the use of the entries of these keys, those that are still under way included, and returns the clients' leases on them. The
    /// entries keep their rows: a row may turn out to be current, and a stale row is better than none when the owner cannot be reached.
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
                for (var entry = held; entry is not null; entry = entry.SameKey)
                    entry.EndUse();
                tokens[i] = new(epoch, now, held is not null);
                if (_clientGrants.Find(books[i], now) is { Holders: not 0 } grant)
                    (downstream ??= []).Add(grant);
            }
        }

        return new(tokens, downstream ?? []);
    }

    /// <summary>Like <see cref="Revoke"/>, for all keys of a slot.</summary>
    public RevocationResult RevokeSlot(int slot)
    {
        string[] books;
        lock (_gate)
        {
            // An answer that is under way may be for any key of the slot.
            Epochs.BumpAll(slot);
            books = [.. HeldHereOrByClients().Where(key => KeyHash.Of(key) % (ulong)_slots == (ulong)slot)];
        }

        return Revoke(books);
    }

    /// <summary>Like <see cref="Revoke"/>, for all keys.</summary>
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

    /// <summary>The clients that hold leases on a key, one bit for each by its number; see <see cref="GrantTable"/>.</summary>
    public ulong ClientGrants(string key)
    {
        lock (_gate)
            return _clientGrants.Find(key, _clock.Now)?.Holders ?? 0;
    }

    /// <summary>Ends the use of all entries; nothing is kept or granted afterwards.</summary>
    /// <returns>The leases of clients that have not ended.</returns>
    public IReadOnlyList<Grant> Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var held in _byBook.All)
            {
                for (var entry = held; entry is not null; entry = entry.SameKey)
                    entry.EndUse();
            }

            return [.. _clientGrants.Live(_clock.Now)];
        }
    }

    /// <summary>Takes the new row of a key that was revoked for an edit.</summary>
    /// <param name="row">The row.</param>
    /// <param name="token">The acknowledgement of that revocation.</param>
    /// <param name="lifetime">How long it may be used and kept; its lease counts from that revocation.</param>
    /// <returns>False when the key was revoked again, or is not held any more.</returns>
    public bool TryTake(CachedRow row, RevocationToken token, EntryLifetime lifetime)
    {
        ArgumentNullException.ThrowIfNull(row);
        List<CacheEntry>? evicted = null;
        var taken = false;
        lock (_gate)
        {
            if (!_isClosed && Epochs.Current(KeyHash.Of(row.Key)) == token.Epoch)
            {
                for (var entry = Find(row.Key); entry is not null; entry = entry.SameKey)
                {
                    Take(entry, row, lifetime, ref evicted);
                    taken = true;
                }
            }
        }

        Evict(evicted, EvictionReason.LeastRecentlyUsed);
        return taken;
    }

    /// <summary>
    /// Grants a client a lease that ends with the entry's own. That the entry may be used is checked in one step with the registration of
    /// the grant, so a revocation either prevents the grant or finds it.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="row">The row that the client holds or is sent.</param>
    /// <param name="client">The client's number; see <see cref="GrantTable"/>.</param>
    /// <returns>How long the client's lease is from now on, in milliseconds; 0 when none can be granted.</returns>
    public long GrantToClient(CacheEntry entry, RowVersion row, int client)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            var now = _clock.Now;
            var until = entry.UsableUntil;
            if (until <= now || now < entry.CooldownEnds || entry.Row.Identity != row)
                return 0;
            if (!_clientGrants.TryGrant(entry.Book, row, client, until, now))
                return 0;
            entry.ClientGrant = _clientGrants.Find(entry.Book, now);
            return until - now;
        }
    }

    /// <summary>Whether a client's lease on an entry's row is registered already until that moment at least. Takes no lock.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="client">The client's number, which must belong to it until that moment.</param>
    /// <param name="until">The moment.</param>
    internal static bool HasGranted(CacheEntry entry, int client, long until) =>
        entry.ClientGrant is { } grant && grant.Covers(client, until);

    /// <summary>Returns the entries whose leases are to be renewed now, each once.</summary>
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

    /// <summary>Schedules another renewal of a lease that was not renewed, if it lasts until then.</summary>
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
        // A larger row may evict other entries, and itself when there is still no room for it.
        MakeRoom(0, ref evicted);
        if (Held > BudgetBytes && entry.State is EntryState.Kept)
        {
            _evictions++;
            Detach(entry, inLru: true);
            (evicted ??= []).Add(entry);
        }
    }

    private IEnumerable<string> HeldHereOrByClients() =>
        _byBook.All.Select(entry => entry.Book).Concat(_clientGrants.Live(_clock.Now).Select(grant => grant.Book)).Distinct();

    private void ConsiderRenewal(CacheEntry entry, long now)
    {
        if (_renewal is not null && entry.UsableUntil > now && _renewable.Count < _renewal.Most
            && Volatile.Read(ref entry.LastUse) >= _ages.At(now - _renewal.UsedWithin))
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
        entry.Due = _renewal is null ? entry.Ends : Math.Min(entry.Ends, entry.Lifetime.LeaseEnds - _renewal.Before);
        _expiry.Add(entry);
    }
}

/// <summary>Which leases of a table are renewed.</summary>
/// <param name="Before">How long before its end a lease is to be renewed, in milliseconds.</param>
/// <param name="UsedWithin">Only leases on entries that were used within this time are renewed, in milliseconds; others end.</param>
/// <param name="Most">How many may wait to be renewed; others end.</param>
internal sealed record RenewalRules(long Before, long UsedWithin, int Most);
