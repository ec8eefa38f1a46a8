namespace OrleansCache.Entries;

/// <summary>
/// An entry and its place in a table of entries. It is an element of the table's lists itself, so that keeping, touching and
/// letting go allocate nothing more.
/// </summary>
public class CacheEntry : EntryHead
{
    private CachedRow _row;

    /// <summary>Makes an entry that is not in a table yet.</summary>
    /// <param name="holder">Who is told when it must leave; null when nobody needs to be.</param>
    /// <param name="row">What it holds.</param>
    /// <param name="lifetime">How long it may be used and kept.</param>
    /// <param name="ownBytes">What holding it costs besides its key and its payload, in bytes.</param>
    public CacheEntry(IEntryHolder? holder, CachedRow row, EntryLifetime lifetime, int ownBytes)
        : base((row ?? throw new ArgumentNullException(nameof(row))).Key)
    {
        Holder = holder;
        OwnBytes = ownBytes;
        _row = row;
        Lifetime = lifetime;
        Bytes = BytesOf(row);
    }

    /// <summary>What it holds. Read after <see cref="EntryHead.UsableUntil"/>: a row is replaced while the entry cannot be used, so what is read then is never older than what may be used.</summary>
    public CachedRow Row => Volatile.Read(ref _row);

    /// <summary>The moment from which it must not be used at all, lease or not: the end of its time to live.</summary>
    public long Ends => Lifetime.Ends;

    /// <summary>The moment from which its row counts as read.</summary>
    public long Since => Lifetime.Since;

    internal IEntryHolder? Holder { get; }

    internal EntryLifetime Lifetime { get; private set; }

    internal int OwnBytes { get; }

    internal long Bytes { get; private set; }

    internal bool IsAbsence => !_row.Exists;

    /// <summary>When the table looks at it next: at the end of its time, or before, when its lease is to be renewed.</summary>
    internal long Due;

    internal CacheEntry? Older, Newer;

    internal CacheEntry? WheelNext, WheelPrevious;

    internal int WheelSlot;

    // Grains of several ranks may hold the same book in one silo.
    internal CacheEntry? SameBook;

    internal EntryState State;

    internal void BeginUse() => UsableUntil = Math.Min(Lifetime.LeaseEnds, Lifetime.Ends);

    internal void EndUse() => UsableUntil = long.MinValue;

    /// <summary>Takes another row or another lease. Whoever reads meanwhile finds the entry not usable, never a new lease with the old row.</summary>
    internal void Take(CachedRow row, EntryLifetime lifetime)
    {
        EndUse();
        Volatile.Write(ref _row, row);
        Lifetime = lifetime;
        Bytes = BytesOf(row);
        OnTaken();
        BeginUse();
    }

    internal void Grow(int bytes) => Bytes += bytes;

    internal void Extend(long leaseEnds)
    {
        Lifetime = Lifetime with { LeaseEnds = leaseEnds };
        BeginUse();
    }

    internal void Prolong(long since, long ends)
    {
        Lifetime = Lifetime with { Since = since, Ends = ends };
        if (UsableUntil != long.MinValue)
            BeginUse();
    }

    /// <summary>Called when the row was replaced, before it may be used.</summary>
    protected virtual void OnTaken()
    {
    }

    // Keys are held as UTF-16, by the entry and by its grain.
    private long BytesOf(CachedRow row) => OwnBytes + (4L * row.Key.Length) + (row.Payload?.Length ?? 0);
}
