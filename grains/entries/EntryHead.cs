namespace OrleansCache.Entries;

/// <summary>
/// What is read to find an entry and to see that it may be used. As a class of its own it lies together at the entry's beginning: of many entries most are in no near cache
/// of the processor, and a hit pays for each line of memory that it reads.
/// </summary>
public abstract class EntryHead
{
    internal readonly string Book;

    internal CacheEntry? NextInChain;

    // Written by readers without a lock: a lost race costs one generation of age.
    internal long LastUse;

    internal int Hash;

    private long _usableUntil;

    private protected EntryHead(string key) => Book = key;

    /// <summary>
    /// The moment on the table's clock, in milliseconds, from which the entry must not be used without a new lease. It is in the
    /// past as soon as the book was revoked or the entry told to leave, whatever thread told it.
    /// </summary>
    public long UsableUntil
    {
        get => Volatile.Read(ref _usableUntil);
        private protected set => Volatile.Write(ref _usableUntil, value);
    }
}
