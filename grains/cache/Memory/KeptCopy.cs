namespace OrleansCache.Memory;

/// <summary>
/// The place of one grain's copy in its silo's table. It is an element of the table's lists itself, so that keeping,
/// touching and letting go allocate nothing more.
/// </summary>
public sealed class KeptCopy
{
    private long _usableUntil;

    internal KeptCopy(ICopyHolder? holder, string book, long bytes, bool absent, long due)
    {
        Due = _usableUntil = due;
        Holder = holder;
        Book = book;
        Bytes = bytes;
        IsAbsence = absent;
    }

    internal ICopyHolder? Holder { get; }

    internal string Book { get; }

    internal long Bytes { get; }

    internal bool IsAbsence { get; }

    internal long Due { get; }

    /// <summary>
    /// The moment on the silo's clock, in milliseconds, from which the copy must not be used. It is in the past as soon as
    /// the copy was told to leave, whatever thread told it.
    /// </summary>
    public long UsableUntil => Volatile.Read(ref _usableUntil);

    // Written by readers without a lock: a lost race costs one generation of age.
    internal long LastUse;

    internal KeptCopy? Older, Newer;

    internal KeptCopy? WheelNext, WheelPrevious;

    internal int WheelSlot;

    // Grains of several ranks may hold the same book in one silo.
    internal KeptCopy? SameBook;

    internal Stay Stay;

    internal void EndUse() => Volatile.Write(ref _usableUntil, long.MinValue);
}
