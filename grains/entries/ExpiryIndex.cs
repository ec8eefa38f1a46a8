namespace OrleansCache.Entries;

/// <summary>
/// The entries by the moment at which they are due: a hashed timing wheel (Varghese and Lauck, 1987). An entry is in the slot of the tick
/// at which it is due; each tick visits one slot, and entries of a later round stay. Adding and removing take constant time, and one timer
/// serves all entries. Called under the table's lock.
/// </summary>
internal sealed class ExpiryIndex
{
    /// <summary>By how much an expiry may be noticed late, in milliseconds.</summary>
    public const long Tick = 100;

    private const int Slots = 2048;

    private readonly CacheEntry?[] _slots = new CacheEntry?[Slots];
    private long _done;

    public ExpiryIndex(long now) => _done = now / Tick;

    public void Add(CacheEntry entry)
    {
        // The first tick that ends after the moment at which it is due. An entry that is due already must not wait for a whole round.
        entry.WheelSlot = (int)(Math.Max((entry.Due / Tick) + 1, _done + 1) % Slots);
        ref var slot = ref _slots[entry.WheelSlot];
        entry.WheelPrevious = null;
        entry.WheelNext = slot;
        if (slot is not null)
            slot.WheelPrevious = entry;
        slot = entry;
    }

    public void Remove(CacheEntry entry)
    {
        if (entry.WheelNext is not null)
            entry.WheelNext.WheelPrevious = entry.WheelPrevious;
        if (entry.WheelPrevious is not null)
            entry.WheelPrevious.WheelNext = entry.WheelNext;
        else
            _slots[entry.WheelSlot] = entry.WheelNext;
        entry.WheelNext = entry.WheelPrevious = null;
    }

    /// <summary>Adds the entries that are due to a list; they stay in the index until they are removed.</summary>
    public void Collect(long now, List<CacheEntry> due)
    {
        var until = now / Tick;
        // After a long pause one round visits every slot.
        var first = Math.Max(_done + 1, until - Slots + 1);
        for (var tick = first; tick <= until; tick++)
        {
            for (var entry = _slots[tick % Slots]; entry is not null; entry = entry.WheelNext)
            {
                if (entry.Due <= now)
                    due.Add(entry);
            }
        }

        _done = until;
    }
}
