namespace OrleansCache.Entries;

/// <summary>
/// An entry and its place in a table. It is an element of the table's linked lists itself, so that keeping, touching and releasing it
/// allocate nothing more.
/// </summary>
internal class CacheEntry : EntryHead
{
    private CachedRow _row;

    /// <summary>Makes an entry that is not in a table yet.</summary>
    /// <param name="holder">Called when the entry must leave; null when it can be removed without its holder.</param>
    /// <param name="key">Its key.</param>
    /// <param name="row">Its row.</param>
    /// <param name="lifetime">How long it may be used and kept.</param>
    public CacheEntry(IEntryHolder? holder, string key, CachedRow row, EntryLifetime lifetime)
        : base(key, lifetime.Volume ?? VolumeLease.None)
    {
        ArgumentNullException.ThrowIfNull(row);
        Holder = holder;
        _row = row;
        (Since, Ends) = (lifetime.Since, lifetime.Ends);
        OwnUntil = Math.Min(lifetime.OwnEnd, Ends);
        Bytes = BytesOf(row);
    }

    /// <summary>
    /// The row. To be read after <see cref="EntryHead.UsableUntil"/>: a row is only replaced while the entry cannot be used, so a row that
    /// is read then is never older than the lease that was read.
    /// </summary>
    public CachedRow Row => Volatile.Read(ref _row);

    /// <summary>The end of the time to live: the moment from which the entry must not be used, whatever its lease.</summary>
    public long Ends { get; private set; }

    /// <summary>The moment at which the row was read from the catalog.</summary>
    public long Since { get; private set; }

    internal IEntryHolder? Holder { get; }

    /// <summary>What it takes besides its key and its payload, in bytes.</summary>
    private protected virtual int OwnBytes => 0;

    internal long Bytes { get; private set; }

    internal bool IsAbsence => !_row.Exists;

    /// <summary>Whether it may be used until the end of its time to live, if its volume lease lasts as long.</summary>
    internal bool IsWhole => OwnUntil == Ends;

    /// <summary>Whether it may not be used only because its volume lease has ended for good.</summary>
    internal bool IsSuspended => State is EntryState.Kept && IsWhole && Volume.HasEnded;

    /// <summary>When the table looks at the entry next: at the end of its time to live, or before, when that may be prolonged.</summary>
    internal long Due;

    internal CacheEntry? Older, Newer;

    internal CacheEntry? WheelNext, WheelPrevious;

    internal int WheelSlot;

    // Grains of several ranks may hold entries of the same key in one silo.
    internal CacheEntry? SameKey;

    internal EntryState State;

    internal void EndUse() => OwnUntil = long.MinValue;

    /// <summary>
    /// Replaces the row and the lease. A concurrent reader finds the entry not usable, never a new lease with the old row.
    /// </summary>
    internal virtual void Take(CachedRow row, EntryLifetime lifetime)
    {
        EndUse();
        Volatile.Write(ref _row, row);
        (Since, Ends) = (lifetime.Since, lifetime.Ends);
        Bytes = BytesOf(row);
        Confirm(lifetime.Volume ?? VolumeLease.None, lifetime.OwnEnd);
    }

    internal void Grow(int bytes) => Bytes += bytes;

    /// <summary>The row is current: it may be used under this volume lease.</summary>
    internal void Confirm(VolumeLease volume, long ownEnd)
    {
        Volume = volume;
        OwnUntil = Math.Min(ownEnd, Ends);
    }

    /// <summary>Gives an entry that may be used until the end of its time to live another one.</summary>
    internal void Prolong(long since, long ends)
    {
        (Since, Ends) = (since, ends);
        OwnUntil = ends;
    }

    // The entry and its grain each hold the key in UTF-16.
    private long BytesOf(CachedRow row) => OwnBytes + (4L * row.Key.Length) + (row.Payload?.Length ?? 0);
}

/// <summary>How long an entry may be used and kept: moments on its table's clock, in milliseconds.</summary>
/// <param name="Volume">The volume lease; null for none, so that it only answers those who asked before the row was read.</param>
/// <param name="Since">The moment at which its row was read from the catalog.</param>
/// <param name="Ends">The end of its time to live.</param>
/// <param name="OwnEnd">An end of its own, where it was granted while an edit waits.</param>
/// <param name="CooldownEnds">The moment from which clients may have it; before that it was edited too recently.</param>
internal readonly record struct EntryLifetime(
    VolumeLease? Volume, long Since, long Ends, long OwnEnd = long.MaxValue, long CooldownEnds = long.MinValue)
{
    /// <summary>The moment from which it must not be used.</summary>
    public long UsableUntil => Math.Min(Math.Min(OwnEnd, Ends), Volume?.Until ?? long.MinValue);
}

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
