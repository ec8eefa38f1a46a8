namespace OrleansCache.Entries;

/// <summary>
/// A copy and its place in a table of copies. It is an element of the table's lists itself, so that keeping, touching and
/// letting go allocate nothing more.
/// </summary>
public class KeptCopy : CopyHead
{
    private BookCopy _row;

    /// <summary>Makes a copy that is not in a table yet.</summary>
    /// <param name="holder">Who is told when it must leave; null when nobody needs to be.</param>
    /// <param name="row">What it holds.</param>
    /// <param name="tenure">How long it may be used and kept.</param>
    /// <param name="ownBytes">What holding it costs besides its key and its payload, in bytes.</param>
    public KeptCopy(ICopyHolder? holder, BookCopy row, Tenure tenure, int ownBytes)
        : base((row ?? throw new ArgumentNullException(nameof(row))).Key)
    {
        Holder = holder;
        OwnBytes = ownBytes;
        _row = row;
        Tenure = tenure;
        Bytes = BytesOf(row);
    }

    /// <summary>What it holds. Read after <see cref="CopyHead.UsableUntil"/>: a row is replaced while the copy cannot be used, so what is read then is never older than what may be used.</summary>
    public BookCopy Row => Volatile.Read(ref _row);

    /// <summary>The moment from which it must not be used at all, lease or not: the end of its time to live.</summary>
    public long Ends => Tenure.Ends;

    /// <summary>The moment from which its row counts as read.</summary>
    public long Since => Tenure.Since;

    internal ICopyHolder? Holder { get; }

    internal Tenure Tenure { get; private set; }

    internal int OwnBytes { get; }

    internal long Bytes { get; private set; }

    internal bool IsAbsence => !_row.Exists;

    /// <summary>When the table looks at it next: at the end of its time, or before, when its lease is to be renewed.</summary>
    internal long Due;

    internal KeptCopy? Older, Newer;

    internal KeptCopy? WheelNext, WheelPrevious;

    internal int WheelSlot;

    // Grains of several ranks may hold the same book in one silo.
    internal KeptCopy? SameBook;

    internal Stay Stay;

    internal void BeginUse() => UsableUntil = Math.Min(Tenure.LeaseEnds, Tenure.Ends);

    internal void EndUse() => UsableUntil = long.MinValue;

    /// <summary>Takes another row or another lease. Whoever reads meanwhile finds the copy not usable, never a new lease with the old row.</summary>
    internal void Take(BookCopy row, Tenure tenure)
    {
        EndUse();
        Volatile.Write(ref _row, row);
        Tenure = tenure;
        Bytes = BytesOf(row);
        OnTaken();
        BeginUse();
    }

    internal void Grow(int bytes) => Bytes += bytes;

    internal void Extend(long leaseEnds)
    {
        Tenure = Tenure with { LeaseEnds = leaseEnds };
        BeginUse();
    }

    internal void Prolong(long since, long ends)
    {
        Tenure = Tenure with { Since = since, Ends = ends };
        if (UsableUntil != long.MinValue)
            BeginUse();
    }

    /// <summary>Called when the row was replaced, before it may be used.</summary>
    protected virtual void OnTaken()
    {
    }

    // Keys are held as UTF-16, by the copy and by its grain.
    private long BytesOf(BookCopy row) => OwnBytes + (4L * row.Key.Length) + (row.Payload?.Length ?? 0);
}
