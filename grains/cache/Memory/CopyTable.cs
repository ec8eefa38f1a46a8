using OrleansCache.Time;

namespace OrleansCache.Memory;

/// <summary>
/// A silo's table of copies: what its book grains hold, in which order they were used, when they end, and how many bytes
/// they take. Copies leave by deactivation of their grain: when their time ends, when others need the room, or when
/// their book changes. Readers only touch their entry; all else is under one lock that no reader takes.
/// </summary>
public sealed class CopyTable : IAsyncDisposable
{
    // What an activation costs besides its payload and its key: about 700 bytes on the bundled engine and 1,850 on
    // Microsoft Orleans, to which the entry and its place in the tables come.
    internal const int BytesPerActivation = 2_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, KeptCopy> _byBook = [];
    private readonly LruIndex _lru;
    private readonly ExpiryIndex _expiry;
    private readonly Clock _clock;
    private readonly ITimer _timer;
    private readonly long _residentBytes;
    private readonly List<KeptCopy> _due = [];
    private long _bytes;
    private long _leavingBytes;
    private long _copies;
    private long _absences;
    private long _revocations;
    private long _evictions;
    private long _expirations;
    private long _notKept;
    private int _sweeping;

    /// <summary>Makes a table.</summary>
    /// <param name="clock">The silo's clock.</param>
    /// <param name="budgetBytes">The bytes that copies, absences and bookkeeping may take.</param>
    public CopyTable(Clock clock, long budgetBytes)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(budgetBytes);
        _clock = clock;
        BudgetBytes = budgetBytes;
        // The last sixteenth is for copies that are on their way out, so that a newcomer need not wait for them.
        _residentBytes = budgetBytes - (budgetBytes / 16);
        _lru = new LruIndex(_residentBytes);
        _expiry = new ExpiryIndex(clock.Now);
        var tick = TimeSpan.FromMilliseconds(ExpiryIndex.Tick);
        _timer = clock.TimeProvider.CreateTimer(static table => ((CopyTable)table!).Sweep(), this, tick, tick);
    }

    /// <summary>The bytes that copies, absences and bookkeeping may take.</summary>
    public long BudgetBytes { get; }

    /// <summary>
    /// Counts the revocations. Whoever loads a book notes it before, and does not keep what came when a revocation came between.
    /// </summary>
    public long Revocations => Volatile.Read(ref _revocations);

    /// <summary>Keeps a copy or an absence if there is room for it.</summary>
    /// <param name="holder">The grain that holds it.</param>
    /// <param name="book">The book's key.</param>
    /// <param name="payloadBytes">The bytes of the payload; null for an absence.</param>
    /// <param name="timeToLive">How long it may be used.</param>
    /// <param name="loadedAt">What <see cref="Revocations"/> was before the load.</param>
    /// <returns>Its place, or null when the answer must be given without being kept.</returns>
    public KeptCopy? TryKeep(ICopyHolder holder, string book, int? payloadBytes, TimeSpan timeToLive, long loadedAt)
    {
        var copy = new KeptCopy(holder, book, BytesPerActivation + (4 * book.Length) + (payloadBytes ?? 0), payloadBytes is null, _clock.Now + (long)timeToLive.TotalMilliseconds);
        KeptCopy? kept = null;
        List<KeptCopy>? evicted = null;
        lock (_gate)
        {
            if (_revocations != loadedAt)
                return null;
            if (copy.Bytes > _residentBytes)
            {
                _notKept++;
                return null;
            }

            while (_bytes + copy.Bytes > _residentBytes && _leavingBytes <= BudgetBytes - _residentBytes && _lru.Evict() is { } victim)
            {
                _evictions++;
                Detach(victim, inLru: false);
                (evicted ??= []).Add(victim);
            }

            if (_bytes + _leavingBytes + copy.Bytes <= BudgetBytes)
            {
                Attach(copy);
                kept = copy;
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
        lock (_gate)
        {
            if (copy.Stay is Stay.Kept)
                Detach(copy, inLru: true);
            if (copy.Stay is Stay.Leaving)
                _leavingBytes -= copy.Bytes;
            copy.Stay = Stay.Gone;
        }
    }

    /// <summary>Makes the holders of these books leave, and voids the loads that are under way.</summary>
    public void Revoke(IEnumerable<string> books)
    {
        List<KeptCopy>? revoked = null;
        lock (_gate)
        {
            _revocations++;
            foreach (var book in books)
            {
                _byBook.TryGetValue(book, out var copy);
                while (copy is not null)
                {
                    var next = copy.SameBook;
                    Detach(copy, inLru: true);
                    (revoked ??= []).Add(copy);
                    copy = next;
                }
            }
        }

        Tell(revoked, LeaveReason.Revoked);
    }

    /// <summary>What the table holds and has counted.</summary>
    public CopyTableStatistics Statistics()
    {
        lock (_gate)
        {
            return new(_copies, _absences, _bytes + _leavingBytes, _evictions, _expirations, _notKept);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

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
                _lru.Advance();
                _expiry.Collect(_clock.Now, _due);
                foreach (var copy in _due)
                    Detach(copy, inLru: true);
                _expirations += _due.Count;
            }

            Tell(_due, LeaveReason.Expired);
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }

    private static void Tell(List<KeptCopy>? leaving, LeaveReason reason)
    {
        foreach (var copy in leaving ?? [])
            copy.Holder!.Leave(copy, reason);
    }

    private void Attach(KeptCopy copy)
    {
        copy.Stay = Stay.Kept;
        _lru.Add(copy);
        _expiry.Add(copy);
        _byBook.TryGetValue(copy.Book, out var sameBook);
        copy.SameBook = sameBook;
        _byBook[copy.Book] = copy;
        _bytes += copy.Bytes;
        Count(copy, 1);
    }

    private void Detach(KeptCopy copy, bool inLru)
    {
        if (inLru)
            _lru.Remove(copy);
        _expiry.Remove(copy);
        Unlink(copy);
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

    private void Unlink(KeptCopy copy)
    {
        var first = _byBook[copy.Book];
        if (first == copy)
        {
            if (copy.SameBook is null)
                _byBook.Remove(copy.Book);
            else
                _byBook[copy.Book] = copy.SameBook;
        }
        else
        {
            while (first.SameBook != copy)
                first = first.SameBook!;
            first.SameBook = copy.SameBook;
        }

        copy.SameBook = null;
    }
}
