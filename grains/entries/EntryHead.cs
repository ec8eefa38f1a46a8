namespace OrleansCache.Entries;

/// <summary>
/// What a hit reads to find an entry and to check that it may be used. A base class, so that these fields lie together at the start of the
/// object: of many entries most are not in the processor's caches, and each cache line that a hit reads costs a memory access.
/// </summary>
internal abstract class EntryHead
{
    internal readonly string Book;

    internal CacheEntry? NextInChain;

    // Written by readers without a lock: a lost update costs one generation of precision.
    internal long LastUse;

    internal int Hash;

    private long _usableUntil;

    private protected EntryHead(string key) => Book = key;

    /// <summary>
    /// The moment on the table's clock, in milliseconds, from which the entry must not be used without a new lease. In the past as soon as
    /// the entry is revoked or evicted, by whichever thread.
    /// </summary>
    public long UsableUntil
    {
        get => Volatile.Read(ref _usableUntil);
        private protected set => Volatile.Write(ref _usableUntil, value);
    }
}
