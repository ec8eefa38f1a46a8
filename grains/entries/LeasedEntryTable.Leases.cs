namespace OrleansCache.Entries;

/// <summary>The leases: how entries get and lose the right to be used, and what clients below have.</summary>
internal sealed partial class LeasedEntryTable
{
    private readonly HolderRegistry<Guid> _clients;
    private readonly GenerationAges _ages;
    private readonly ProlongRules? _prolong;
    private readonly List<CacheEntry> _expiring = [];

    /// <summary>Confirms that an entry's row is current, so that it may be used under a volume lease.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="identity">The row that was confirmed.</param>
    /// <param name="volume">The volume lease.</param>
    /// <param name="ownEnd">The end of its own, where it was granted while an edit waits.</param>
    /// <param name="observedEpoch">The key's epoch before it was requested.</param>
    /// <returns>False when the key was revoked meanwhile, the entry holds another row, or it has left.</returns>
    public bool TryConfirm(CacheEntry entry, RowVersion identity, VolumeLease volume, long ownEnd, long observedEpoch)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            if (_isClosed || entry.State is not EntryState.Kept || entry.Row.Identity != identity || Epochs.Current(entry) != observedEpoch)
                return false;
            entry.Confirm(volume, ownEnd);
            return true;
        }
    }

    /// <summary>Gives an entry another row, with a volume lease.</summary>
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
    /// Ends the use of the entries of these keys, those that are still under way included, and begins to revoke what clients have. The
    /// entries keep their rows: a row may turn out to be current, and a stale row is better than none when the owner cannot be reached.
    /// </summary>
    public RevocationResult Revoke(IReadOnlyList<string> books)
    {
        ArgumentNullException.ThrowIfNull(books);
        var tokens = new RevocationToken[books.Count];
        lock (_gate)
        {
            for (var i = 0; i < books.Count; i++)
            {
                var epoch = Epochs.Bump(books[i]);
                var held = Find(books[i]);
                for (var entry = held; entry is not null; entry = entry.SameKey)
                    entry.EndUse();
                tokens[i] = new(epoch, held is not null);
            }

            return new(tokens, _clients.Begin(books, _clock.Now));
        }
    }

    /// <summary>
    /// Discards what is under way of a slot, whose volume lease has ended. The entries need not be visited: they refer to that lease.
    /// </summary>
    /// <returns>The clients that may still use entries of the slot, and until when.</returns>
    public IReadOnlyList<Revocation<Guid>> EndSlot(int slot)
    {
        lock (_gate)
        {
            Epochs.BumpAll(slot);
            return LiveClients();
        }
    }

    /// <summary>Discards whatever is under way; like <see cref="EndSlot"/> for all slots.</summary>
    public IReadOnlyList<Revocation<Guid>> EndAll()
    {
        lock (_gate)
        {
            for (var slot = 0; slot < _slots; slot++)
                Epochs.BumpAll(slot);
            return LiveClients();
        }
    }

    /// <summary>Ends the use of all entries; nothing is kept or granted afterwards.</summary>
    /// <returns>The clients that may still use entries, and until when.</returns>
    public IReadOnlyList<Revocation<Guid>> Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var held in _byBook.All)
            {
                for (var entry = held; entry is not null; entry = entry.SameKey)
                    entry.EndUse();
            }

            return LiveClients();
        }
    }

    /// <summary>Takes the new row of a key that was revoked for an edit.</summary>
    /// <param name="row">The row.</param>
    /// <param name="token">The acknowledgement of that revocation.</param>
    /// <param name="lifetime">How long it may be used and kept.</param>
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
    /// What a holder has to tell its granter: the keys that it has not any more, nor any client below it. Responses for them that are under
    /// way are discarded, so that none is kept without a registration.
    /// </summary>
    /// <param name="queue">The queue of the volume lease.</param>
    /// <param name="most">How many keys at most.</param>
    public Releases TakeReleases(ReleaseQueue queue, int most)
    {
        ArgumentNullException.ThrowIfNull(queue);
        lock (_gate)
        {
            List<string>? keys = null;
            while ((keys?.Count ?? 0) < most && queue.TryTake(out var key))
            {
                if (!IsHeldFrom(queue, key!) && !_clients.IsHeld(key!))
                    (keys ??= []).Add(key!);
            }

            if (keys is null)
                return new(queue.Sent, []);
            // The number first: a request that finds the new epochs names the new number.
            var number = queue.Advance();
            foreach (var key in keys)
                Epochs.Bump(key);
            return new(number, [.. keys]);
        }
    }

    /// <summary>Takes keys back that could not be told: they are released with a later message.</summary>
    public void ReturnReleases(ReleaseQueue queue, Releases releases)
    {
        ArgumentNullException.ThrowIfNull(queue);
        lock (_gate)
        {
            foreach (var key in releases.Keys)
                queue.Add(key);
        }
    }

    /// <summary>The client in a generation that it can use; see <see cref="HolderRegistry{TId}.Admit"/>.</summary>
    public Holder<Guid> AdmitClient(Guid client, long atLeast)
    {
        lock (_gate)
            return _clients.Admit(client, atLeast);
    }

    /// <summary>
    /// Registers a client for an entry. That the entry may be used is checked in one step with it, so a revocation either prevents the
    /// registration or finds it.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <param name="row">The row that the client holds or is sent.</param>
    /// <param name="client">The client.</param>
    /// <param name="sent">The number of the last release that the client had sent before it asked.</param>
    /// <returns>Whether it is registered, and the moment until which its volume lease is extended; the smallest number for not.</returns>
    public (bool IsRegistered, long Until) RegisterClient(SharedEntry entry, RowVersion row, Holder<Guid> client, long sent)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            var now = _clock.Now;
            if (entry.UsableUntil <= now || !entry.IsWhole || now < entry.CooldownEnds || entry.Row.Identity != row
                || entry.State is not EntryState.Kept || _clients.Register(client, entry.Book, row, sent) is not { } registration)
                return (false, long.MinValue);
            entry.Clients = registration;
            return (true, ExtendClient(client, entry.Volume));
        }
    }

    /// <summary>
    /// Whether a client is registered for an entry, and for as long as it would get a lease; no release that may be for this key is under
    /// way. Takes no lock.
    /// </summary>
    internal static bool IsRegistered(SharedEntry entry, Holder<Guid> client, long until, long sent) =>
        !client.HasLapsed && !client.HasDrops && client.Until >= until && client.LastRelease >= sent
        && entry.Clients is { } registration && registration.Has(client.Number);

    /// <summary>
    /// Renews a client's volume leases: it has released keys, worked off an answer, and gets the ends of this silo's own.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="volumes">This silo's volume leases.</param>
    /// <param name="releases">What the client has released.</param>
    /// <param name="confirmed">The number of the last answer that it has worked off.</param>
    /// <returns>The number of the answer, what it has to drop, and until when its lease on each slot lasts.</returns>
    public (long Answer, string[] Drops, (VolumeLease Volume, long Until)[] Leases) RenewClient(
        Holder<Guid> client, VolumeLeases volumes, Releases releases, long confirmed)
    {
        lock (_gate)
        {
            _clients.Confirm(client, confirmed);
            _clients.Release(client, releases);
            foreach (var key in releases.Keys)
            {
                if (Find(key) is null && !_clients.IsHeld(key))
                    volumes.Of(KeyHash.SlotOf(KeyHash.Of(key), _slots)).Releases.Add(key);
            }

            var leases = new (VolumeLease Volume, long Until)[volumes.Slots];
            for (var slot = 0; slot < leases.Length; slot++)
                leases[slot] = (volumes.Of(slot), volumes.Of(slot).Until);
            client.Extend(leases.Max(lease => lease.Until));
            var (answer, drops) = _clients.NameDrops(client);
            return (answer, drops, leases);
        }
    }

    /// <summary>A client has given keys back; see <see cref="HolderRegistry{TId}.Acknowledge"/>.</summary>
    public void AcknowledgeClient(Holder<Guid> client, IReadOnlyList<string> books)
    {
        lock (_gate)
            _clients.Acknowledge(client, books);
    }

    /// <summary>The limit of a client's revocation has come; see <see cref="HolderRegistry{TId}.GiveUp"/>.</summary>
    public void GiveUpClient(Holder<Guid> client, IReadOnlyList<string> books)
    {
        lock (_gate)
            _clients.GiveUp(client, books, _clock.Now);
    }

    /// <summary>A client uses no entry any more.</summary>
    public void LapseClient(Guid client)
    {
        lock (_gate)
        {
            if (_clients.HolderOf(client) is { } holder)
                _clients.Lapse(holder);
        }
    }

    /// <summary>How many clients have a key.</summary>
    public int ClientsOf(string key)
    {
        lock (_gate)
            return _clients.HoldersOf(key);
    }

    /// <summary>Forgets clients whose leases have ended before a moment.</summary>
    public void TidyClients(long endedBefore)
    {
        lock (_gate)
            _clients.Tidy(endedBefore);
    }

    /// <summary>Returns the entries in use whose time to live ends soon, each once.</summary>
    public CacheEntry[] TakeExpiring()
    {
        lock (_gate)
        {
            if (_expiring.Count == 0)
                return [];
            CacheEntry[] all = [.. _expiring.Where(entry => entry.State is EntryState.Kept)];
            _expiring.Clear();
            return all;
        }
    }

    /// <summary>Starts an entry's time to live anew if it may be used: then its row is known to be current.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="timeToLive">The time to live, in milliseconds.</param>
    public bool TryProlong(CacheEntry entry, long timeToLive)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            var now = _clock.Now;
            if (_isClosed || entry.State is not EntryState.Kept || entry.UsableUntil <= now || !entry.IsWhole)
                return false;
            entry.Prolong(now, now + timeToLive);
            _expiry.Remove(entry);
            File(entry);
            return true;
        }
    }

    /// <summary>A lease that a client gets on a slot: that of this silo, unless the client has something to drop.</summary>
    private static long ExtendClient(Holder<Guid> client, VolumeLease volume)
    {
        if (client.HasDrops)
            return long.MinValue;
        client.Extend(volume.Until);
        return volume.Until;
    }

    private List<Revocation<Guid>> LiveClients() =>
        [.. _clients.Live(_clock.Now).Select(client => new Revocation<Guid>(client, [], client.Until))];

    private bool IsHeldFrom(ReleaseQueue queue, string key)
    {
        for (var entry = Find(key); entry is not null; entry = entry.SameKey)
        {
            if (entry.Volume.Releases == queue)
                return true;
        }

        return false;
    }

    private void Take(CacheEntry entry, CachedRow row, EntryLifetime lifetime, ref List<CacheEntry>? evicted)
    {
        Count(entry, -1);
        entry.Take(row, lifetime);
        Count(entry, 1);
        _lru.Refile(entry);
        _expiry.Remove(entry);
        File(entry);
        // A larger row may evict other entries, and itself when there is still no room for it.
        MakeRoom(null, ref evicted);
        if (Held > BudgetBytes && entry.State is EntryState.Kept)
        {
            _evictions++;
            Detach(entry, inLru: true);
            (evicted ??= []).Add(entry);
        }
    }

    private void ConsiderProlonging(CacheEntry entry, long now)
    {
        if (_prolong is not null && Volatile.Read(ref entry.LastUse) >= _ages.At(now - _prolong.UsedWithin))
            _expiring.Add(entry);
        _expiry.Remove(entry);
        entry.Due = entry.Ends;
        _expiry.Add(entry);
    }

    private void File(CacheEntry entry)
    {
        entry.Due = _prolong is null ? entry.Ends : entry.Ends - Math.Min(_prolong.Before, (entry.Ends - entry.Since) / 2);
        _expiry.Add(entry);
    }
}

/// <summary>Which entries of a table get a new time to live.</summary>
/// <param name="Before">How long before its end, in milliseconds.</param>
/// <param name="UsedWithin">Only those that were used within this time, in milliseconds; others end.</param>
internal sealed record ProlongRules(long Before, long UsedWithin);
