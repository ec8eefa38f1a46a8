namespace OrleansCache.Entries;

/// <summary>
/// A table of copies under leases, the same in a silo and in a client: what is held, in which order it was used, when it ends, and
/// how many bytes it takes. Copies leave when their time ends, when others need the room, or when they are dropped; a copy whose
/// lease has ended or was revoked stays, but is not used until it has a new one. Readers only touch their entry; all else is under
/// one lock that no reader takes.
/// </summary>
public sealed partial class CopyTable : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly BookIndex _byBook;
    private readonly LruIndex _lru;
    private readonly ExpiryIndex _expiry;
    private readonly Clock _clock;
    private readonly ITimer _timer;
    private readonly long _residentBytes;
    private readonly int _slots;
    private readonly List<KeptCopy> _due = [];
    private long _bytes;
    private long _leavingBytes;
    private long _copies;
    private long _absences;
    private long _evictions;
    private long _expirations;
    private long _notKept;
    private int _sweeping;
    private bool _isClosed;

    /// <summary>Makes a table.</summary>
    /// <param name="clock">The clock that its moments are of.</param>
    /// <param name="budgetBytes">The bytes that copies, absences and bookkeeping may take.</param>
    /// <param name="slots">The cluster's slots.</param>
    /// <param name="renewal">When leases are to be renewed; null where they are not.</param>
    public CopyTable(Clock clock, long budgetBytes, int slots, RenewalRules? renewal = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(budgetBytes);
        _clock = clock;
        _slots = slots;
        _renewal = renewal;
        Revocations = new(slots);
        _byBook = new(_gate);
        BudgetBytes = budgetBytes;
        // The last sixteenth is for copies that are on their way out, so that a newcomer need not wait for them.
        _residentBytes = budgetBytes - (budgetBytes / 16);
        // What was granted on copies counts against the budget, too; a quarter of it is for grants.
        _below = new((int)Math.Clamp(budgetBytes / 4 / BytesPerGrant, 16, 1_000_000));
        _lru = new LruIndex(_residentBytes);
        _expiry = new ExpiryIndex(clock.Now);
        _ages = new(clock.Now, _lru.Now);
        var tick = TimeSpan.FromMilliseconds(ExpiryIndex.Tick);
        _timer = clock.TimeProvider.CreateTimer(static table => ((CopyTable)table!).Sweep(), this, tick, tick);
    }

    /// <summary>The bytes that copies, absences and bookkeeping may take.</summary>
    public long BudgetBytes { get; }

    /// <summary>Counts revocations; see there.</summary>
    public RevocationCounts Revocations { get; }

    /// <summary>A copy of a book, whether or not it may be used now. Takes no lock.</summary>
    public KeptCopy? Find(string book) => _byBook.Find(book);

    /// <summary>Keeps a copy if there is room for it and it was not revoked on its way here.</summary>
    /// <param name="copy">The copy, which is in no table yet.</param>
    /// <param name="noted">What <see cref="RevocationCounts.Of"/> was before it was asked for.</param>
    /// <returns>Whether it is kept; otherwise the answer must be given without being kept.</returns>
    public bool TryKeep(KeptCopy copy, long noted)
    {
        ArgumentNullException.ThrowIfNull(copy);
        var kept = false;
        List<KeptCopy>? evicted = null;
        lock (_gate)
        {
            if (_isClosed || Revocations.Of(copy.Book) != noted)
                return false;
            if (copy.Bytes > _residentBytes)
            {
                _notKept++;
                return false;
            }

            MakeRoom(copy.Bytes, ref evicted);
            if (Held + copy.Bytes <= BudgetBytes)
            {
                Attach(copy);
                kept = true;
            }
            else
            {
                _notKept++;
            }
        }

        Tell(evicted, LeaveReason.LeastRecentlyUsed);
        return kept;
    }

    /// <summary>Notes a use of a copy. Costs nanoseconds and takes no lock.</summary>
    public void Touch(KeptCopy copy) => _lru.Touch(copy);

    /// <summary>Lets go of a copy; called by its holder when it deactivates or has another one.</summary>
    public void Release(KeptCopy copy)
    {
        ArgumentNullException.ThrowIfNull(copy);
        lock (_gate)
        {
            if (copy.Stay is Stay.Kept)
                Detach(copy, inLru: true);
            if (copy.Stay is Stay.Leaving)
                _leavingBytes -= copy.Bytes;
            copy.Stay = Stay.Gone;
        }
    }

    /// <summary>Makes copies of these books leave, and voids the answers that are on their way here.</summary>
    public void Drop(IEnumerable<string> books)
    {
        ArgumentNullException.ThrowIfNull(books);
        List<KeptCopy>? dropped = null;
        lock (_gate)
        {
            foreach (var book in books)
            {
                Revocations.Raise(book);
                while (_byBook.Find(book) is { } copy)
                {
                    Detach(copy, inLru: true);
                    (dropped ??= []).Add(copy);
                }
            }
        }

        Tell(dropped, LeaveReason.Revoked);
    }

    /// <summary>Makes all copies leave, and voids every answer that is on its way here.</summary>
    public void DropAll()
    {
        for (var slot = 0; slot < _slots; slot++)
            Revocations.RaiseAll(slot);
        string[] books;
        lock (_gate)
            books = [.. _byBook.All.Select(copy => copy.Book)];
        Drop(books);
    }

    /// <summary>Counts what a copy takes more than when it was kept.</summary>
    public void Grow(KeptCopy copy, int bytes)
    {
        ArgumentNullException.ThrowIfNull(copy);
        List<KeptCopy>? evicted = null;
        lock (_gate)
        {
            if (copy.Stay is not Stay.Kept)
                return;
            copy.Grow(bytes);
            _bytes += bytes;
            MakeRoom(0, ref evicted);
        }

        Tell(evicted, LeaveReason.LeastRecentlyUsed);
    }

    /// <summary>What the table holds and has counted.</summary>
    public CopyTableStatistics Statistics()
    {
        lock (_gate)
        {
            return new(_copies, _absences, Held, _evictions, _expirations, _notKept);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private long Held => _bytes + _leavingBytes + GrantBytes;

    private void MakeRoom(long bytes, ref List<KeptCopy>? evicted)
    {
        while (_bytes + GrantBytes + bytes > _residentBytes && _leavingBytes <= BudgetBytes - _residentBytes && _lru.Evict() is { } victim)
        {
            _evictions++;
            Detach(victim, inLru: false);
            (evicted ??= []).Add(victim);
        }
    }

    private void Sweep()
    {
        // A timer may fire again while its last call still runs.
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
                _below.LetGo(now);
                _expiry.Collect(now, _due);
                _due.RemoveAll(copy =>
                {
                    if (copy.Ends > now)
                    {
                        ConsiderRenewal(copy, now);
                        return true;
                    }

                    Detach(copy, inLru: true);
                    return false;
                });
                _expirations += _due.Count;
            }

            Tell(_due, LeaveReason.Expired);
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }

    private void Tell(List<KeptCopy>? leaving, LeaveReason reason)
    {
        foreach (var copy in leaving ?? [])
        {
            if (copy.Holder is { } holder)
                holder.Leave(copy, reason);
            else
                Release(copy);
        }
    }

    private void Attach(KeptCopy copy)
    {
        copy.Stay = Stay.Kept;
        copy.BeginUse();
        _lru.Add(copy);
        File(copy);
        _byBook.Put(copy);
        _bytes += copy.Bytes;
        Count(copy, 1);
    }

    private void Detach(KeptCopy copy, bool inLru)
    {
        if (inLru)
            _lru.Remove(copy);
        _expiry.Remove(copy);
        _byBook.Remove(copy);
        _bytes -= copy.Bytes;
        _leavingBytes += copy.Bytes;
        Count(copy, -1);
        copy.Stay = Stay.Leaving;
        copy.EndUse();
    }

    private void Count(KeptCopy copy, int change)
    {
        if (copy.IsAbsence)
            _absences += change;
        else
            _copies += change;
    }
}
