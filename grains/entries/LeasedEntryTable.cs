namespace OrleansCache.Entries;

/// <summary>
/// A table of entries under leases, the same in silos and in clients: what is held, in which order it was used, when it ends, and how many
/// bytes it takes. Entries leave when they expire, are evicted or are dropped. An entry whose lease has ended or was revoked stays, but is
/// not used until it has a new lease. A hit only touches its entry; everything else takes one lock, which no hit takes.
/// </summary>
internal sealed partial class LeasedEntryTable : IAsyncDisposable
{
    // A flood of keys that do not exist, as of random ones, must not push the books out.
    private const int AbsencesShare = 20;

    private const int DroppedTogether = 1_000;

    private readonly Lock _gate = new();
    private readonly EntryIndex _byBook;
    private readonly LruIndex _lru;
    private readonly ExpiryIndex _expiry;
    private readonly Clock _clock;
    private readonly ITimer _timer;
    private readonly long _residentBytes;
    private readonly long _mostAbsentBytes;
    private readonly int _slots;
    private readonly List<CacheEntry> _due = [];
    private long _bytes;
    private long _absentBytes;
    private long _leavingBytes;
    private long _entries;
    private long _absences;
    private long _evictions;
    private long _expirations;
    private long _notKept;
    private int _sweeping;
    private bool _isClosed;

    /// <summary>Makes a table.</summary>
    /// <param name="clock">The clock of its moments.</param>
    /// <param name="budgetBytes">The bytes that entries, absences and bookkeeping may take; absences at most a twentieth of them.</param>
    /// <param name="slots">The number of slots of the cluster.</param>
    /// <param name="prolong">Which entries get a new time to live; null when none do.</param>
    public LeasedEntryTable(Clock clock, long budgetBytes, int slots, ProlongRules? prolong = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(budgetBytes);
        _clock = clock;
        _slots = slots;
        _prolong = prolong;
        Epochs = new(slots);
        _byBook = new(_gate);
        BudgetBytes = budgetBytes;
        // The last sixteenth is for entries that are being released, so that a new entry need not wait for them.
        _residentBytes = budgetBytes - (budgetBytes / 16);
        _mostAbsentBytes = _residentBytes / AbsencesShare;
        // What clients have counts against the budget, too, and may take a quarter of it.
        _clients = new((int)Math.Clamp(budgetBytes / 4 / HolderRegistry<Guid>.BytesPerKey, 16, 4_000_000), keepsUnheld: false);
        _lru = new LruIndex(_residentBytes);
        _expiry = new ExpiryIndex(clock.Now);
        _ages = new(clock.Now, _lru.Now);
        var tick = TimeSpan.FromMilliseconds(ExpiryIndex.Tick);
        _timer = clock.TimeProvider.CreateTimer(static table => ((LeasedEntryTable)table!).Sweep(), this, tick, tick);
    }

    /// <summary>The bytes that entries, absences and bookkeeping may take.</summary>
    public long BudgetBytes { get; }

    /// <summary>The epochs of the keys.</summary>
    public RevocationEpochs Epochs { get; }

    /// <summary>An entry of a key, whether or not it may be used now; null when there is none. Takes no lock.</summary>
    public CacheEntry? Find(string key) => _byBook.Find(key);

    /// <summary>Keeps an entry if there is room for it, its lease has not ended, and its key was not revoked meanwhile.</summary>
    /// <param name="entry">The entry, which is in no table yet.</param>
    /// <param name="observedEpoch">The key's epoch before the row was requested.</param>
    /// <returns>Whether it is kept; otherwise the row may still answer those who requested it.</returns>
    public bool TryKeep(CacheEntry entry, long observedEpoch)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var kept = false;
        List<CacheEntry>? evicted = null;
        lock (_gate)
        {
            if (_isClosed || entry.Volume.Until <= _clock.Now || Epochs.Current(entry) != observedEpoch)
                return false;
            if (entry.Bytes <= MostBytesOf(entry))
                MakeRoom(entry, ref evicted);
            if (entry.Bytes <= MostBytesOf(entry) && Held + entry.Bytes <= BudgetBytes
                && (!entry.IsAbsence || _absentBytes + entry.Bytes <= _mostAbsentBytes))
            {
                Attach(entry);
                kept = true;
            }
            else
            {
                _notKept++;
                entry.Volume.Releases.Add(entry.Book);
            }
        }

        Evict(evicted, EvictionReason.LeastRecentlyUsed);
        return kept;
    }

    /// <summary>Records a use of an entry. Takes nanoseconds and no lock.</summary>
    public void Touch(CacheEntry entry) => _lru.Touch(entry);

    /// <summary>Removes an entry; called by its holder when it deactivates or has another one.</summary>
    public void Release(CacheEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            if (entry.State is EntryState.Kept)
                Detach(entry, inLru: true);
            if (entry.State is EntryState.Leaving)
                _leavingBytes -= entry.Bytes;
            entry.State = EntryState.Gone;
        }
    }

    /// <summary>Removes the entries of these keys; answers for them that are still under way are discarded.</summary>
    /// <param name="books">The keys.</param>
    /// <param name="areRevoked">Whether their granter has asked for it, so that it need not be told.</param>
    public void Drop(IEnumerable<string> books, bool areRevoked = false)
    {
        ArgumentNullException.ThrowIfNull(books);
        List<CacheEntry>? dropped = null;
        lock (_gate)
        {
            foreach (var key in books)
            {
                Epochs.Bump(key);
                while (_byBook.Find(key) is { } entry)
                {
                    Detach(entry, inLru: true, releases: !areRevoked);
                    (dropped ??= []).Add(entry);
                }
            }
        }

        Evict(dropped, EvictionReason.Revoked);
    }

    /// <summary>Removes all entries; every answer that is still under way is discarded.</summary>
    public void DropAll()
    {
        for (var slot = 0; slot < _slots; slot++)
            Epochs.BumpAll(slot);
        string[] books;
        lock (_gate)
            books = [.. _byBook.All.Select(entry => entry.Book)];
        // In pieces, so that nobody waits long for the lock.
        foreach (var some in books.Chunk(DroppedTogether))
            Drop(some);
    }

    /// <summary>Adds to the bytes that an entry takes.</summary>
    public void Grow(CacheEntry entry, int bytes)
    {
        ArgumentNullException.ThrowIfNull(entry);
        List<CacheEntry>? evicted = null;
        lock (_gate)
        {
            if (entry.State is not EntryState.Kept)
                return;
            Count(entry, -1);
            entry.Grow(bytes);
            Count(entry, 1);
            MakeRoom(null, ref evicted);
        }

        Evict(evicted, EvictionReason.LeastRecentlyUsed);
    }

    /// <summary>The contents and the counters.</summary>
    public EntryTableStatistics Statistics()
    {
        lock (_gate)
        {
            return new(_entries, _absences, Held, _evictions, _expirations, _notKept);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private long Held => _bytes + _leavingBytes + _clients.Bytes;

    private bool MayEvict => _leavingBytes <= BudgetBytes - _residentBytes;

    private long MostBytesOf(CacheEntry entry) => entry.IsAbsence ? _mostAbsentBytes : _residentBytes;

    /// <param name="entry">What is to be kept; null when something has become larger.</param>
    /// <param name="evicted">What was evicted.</param>
    private void MakeRoom(CacheEntry? entry, ref List<CacheEntry>? evicted)
    {
        var bytes = entry?.Bytes ?? 0;
        var absentBytes = entry is { IsAbsence: true } ? bytes : 0;
        while (_absentBytes + absentBytes > _mostAbsentBytes && MayEvict && _lru.EvictAbsence() is { } absence)
            LeaveLru(absence, ref evicted);
        while (_bytes + _clients.Bytes + bytes > _residentBytes && MayEvict && (_lru.Evict() ?? _lru.EvictAbsence()) is { } victim)
            LeaveLru(victim, ref evicted);
    }

    private void LeaveLru(CacheEntry victim, ref List<CacheEntry>? evicted)
    {
        _evictions++;
        Detach(victim, inLru: false);
        (evicted ??= []).Add(victim);
    }

    private void Sweep()
    {
        // A timer may fire again while its last callback still runs.
        if (Interlocked.Exchange(ref _sweeping, 1) == 1)
            return;
        try
        {
            _due.Clear();
            lock (_gate)
            {
                var now = _clock.Now;
                _lru.Advance();
                _ages.Note(now, _lru.Now);
                _expiry.Collect(now, _due);
                _due.RemoveAll(entry =>
                {
                    if (entry.Ends > now)
                    {
                        ConsiderProlonging(entry, now);
                        return true;
                    }

                    Detach(entry, inLru: true);
                    return false;
                });
                _expirations += _due.Count;
            }

            Evict(_due, EvictionReason.Expired);
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }

    private void Evict(List<CacheEntry>? leaving, EvictionReason reason)
    {
        foreach (var entry in leaving ?? [])
        {
            if (entry.Holder is { } holder)
                holder.Evict(entry, reason);
            else
                Release(entry);
        }
    }

    private void Attach(CacheEntry entry)
    {
        entry.State = EntryState.Kept;
        _lru.Add(entry);
        File(entry);
        _byBook.Put(entry);
        Count(entry, 1);
    }

    private void Detach(CacheEntry entry, bool inLru, bool releases = true)
    {
        if (inLru)
            _lru.Remove(entry);
        _expiry.Remove(entry);
        _byBook.Remove(entry);
        Count(entry, -1);
        _leavingBytes += entry.Bytes;
        entry.State = EntryState.Leaving;
        entry.EndUse();
        if (releases)
            entry.Volume.Releases.Add(entry.Book);
    }

    private void Count(CacheEntry entry, int change)
    {
        _bytes += change * entry.Bytes;
        if (entry.IsAbsence)
        {
            _absences += change;
            _absentBytes += change * entry.Bytes;
        }
        else
        {
            _entries += change;
        }
    }
}

/// <summary>The contents and the counters of a table of entries.</summary>
/// <param name="Copies">Values held now.</param>
/// <param name="Absences">Absences held now.</param>
/// <param name="Bytes">The bytes that they take, including entries that are being released.</param>
/// <param name="Evictions">Entries that were evicted as least recently used.</param>
/// <param name="Expirations">Entries that expired.</param>
/// <param name="NotKept">Answers that were given without being kept, for lack of memory.</param>
internal readonly record struct EntryTableStatistics(
    long Copies,
    long Absences,
    long Bytes,
    long Evictions,
    long Expirations,
    long NotKept);
