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
    private VolumeLease _volume;

    private protected EntryHead(string key, VolumeLease volume) => (Book, _volume) = (key, volume);

    /// <summary>
    /// The moment on the table's clock, in milliseconds, from which the entry must not be used: the end of its volume lease, of its time to
    /// live, or an earlier one of its own. In the past as soon as the entry is revoked or evicted, by whichever thread.
    /// </summary>
    public long UsableUntil => Math.Min(Volatile.Read(ref _usableUntil), Volatile.Read(ref _volume).Until);

    /// <summary>The volume lease under which the entry is used.</summary>
    public VolumeLease Volume
    {
        get => Volatile.Read(ref _volume);
        private protected set => Volatile.Write(ref _volume, value);
    }

    /// <summary>The part of <see cref="UsableUntil"/> that is the entry's own.</summary>
    private protected long OwnUntil
    {
        get => Volatile.Read(ref _usableUntil);
        set => Volatile.Write(ref _usableUntil, value);
    }
}
