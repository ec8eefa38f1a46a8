namespace OrleansCache.Entries;

/// <summary>
/// An entry and its place in a table. It is an element of the table's linked lists itself, so that keeping, touching and releasing it
/// allocate nothing more.
/// </summary>
internal class CacheEntry : EntryHead
{
    private CachedRow _row;
    private Grant? _clientGrant;

    /// <summary>Makes an entry that is not in a table yet.</summary>
    /// <param name="holder">Called when the entry must leave; null when it can be removed without its holder.</param>
    /// <param name="key">Its key.</param>
    /// <param name="row">Its row.</param>
    /// <param name="lifetime">How long it may be used and kept.</param>
    /// <param name="ownBytes">What it takes besides its key and its payload, in bytes.</param>
    public CacheEntry(IEntryHolder? holder, CacheKey key, CachedRow row, EntryLifetime lifetime, int ownBytes)
        : base(key.Text)
    {
        ArgumentNullException.ThrowIfNull(row);
        Holder = holder;
        KeyHash = key.Hash;
        OwnBytes = ownBytes;
        _row = row;
        Lifetime = lifetime;
        Bytes = BytesOf(row);
    }

    /// <summary>
    /// The row. To be read after <see cref="EntryHead.UsableUntil"/>: a row is only replaced while the entry cannot be used, so a row that
    /// is read then is never older than the lease that was read.
    /// </summary>
    public CachedRow Row => Volatile.Read(ref _row);

    /// <summary>The end of the time to live: the moment from which the entry must not be used, whatever its lease.</summary>
    public long Ends => Lifetime.Ends;

    /// <summary>The moment at which the row was read from the catalog.</summary>
    public long Since => Lifetime.Since;

    internal IEntryHolder? Holder { get; }

    internal long CooldownEnds => Lifetime.CooldownEnds;

    internal EntryLifetime Lifetime { get; private set; }

    internal ulong KeyHash { get; }

    internal int OwnBytes { get; }

    internal long Bytes { get; private set; }

    internal bool IsAbsence => !_row.Exists;

    /// <summary>The leases of clients on this row, once there was one; read by hits without a lock.</summary>
    internal Grant? ClientGrant
    {
        get => Volatile.Read(ref _clientGrant);
        set => Volatile.Write(ref _clientGrant, value);
    }

    /// <summary>When the table looks at the entry next: when its lease is to be renewed, or at the end of its time to live.</summary>
    internal long Due;

    internal CacheEntry? Older, Newer;

    internal CacheEntry? WheelNext, WheelPrevious;

    internal int WheelSlot;

    // Grains of several ranks may hold entries of the same key in one silo.
    internal CacheEntry? SameKey;

    internal EntryState State;

    internal void BeginUse() => UsableUntil = Math.Min(Lifetime.LeaseEnds, Lifetime.Ends);

    internal void EndUse() => UsableUntil = long.MinValue;

    /// <summary>
    /// Replaces the row and the lease. A concurrent reader finds the entry not usable, never a new lease with the old row.
    /// </summary>
    internal void Take(CachedRow row, EntryLifetime lifetime)
    {
        EndUse();
        ClientGrant = null;
        Volatile.Write(ref _row, row);
        Lifetime = lifetime;
        Bytes = BytesOf(row);
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

    // The entry and its grain each hold the key in UTF-16.
    private long BytesOf(CachedRow row) => OwnBytes + (4L * row.Key.Length) + (row.Payload?.Length ?? 0);
}

/// <summary>How long an entry may be used and kept: moments on its table's clock, in milliseconds.</summary>
/// <param name="Since">The moment at which its row was read from the catalog.</param>
/// <param name="LeaseEnds">The end of its lease.</param>
/// <param name="Ends">The end of its time to live.</param>
/// <param name="CooldownEnds">The moment from which clients may have leases on it; before that it was edited too recently.</param>
internal readonly record struct EntryLifetime(long Since, long LeaseEnds, long Ends, long CooldownEnds = long.MinValue);

/// <summary>The state of an entry in its table.</summary>
internal enum EntryState : byte
{
    /// <summary>It is kept, and may be used under its lease.</summary>
    Kept,

    /// <summary>Its holder has been asked to release it; its bytes count until it has.</summary>
    Leaving,

    /// <summary>It has been released.</summary>
    Gone,
}
