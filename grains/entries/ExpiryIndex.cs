namespace OrleansCache.Entries;

/// <summary>
/// When entries end: a hashed timing wheel (Varghese and Lauck, 1987). An entry lies in the slot of the tick in which it
/// is due; each tick looks at one slot, and entries of a later round stay. Adding and removing cost the same however
/// many there are, and one timer serves them all. Called under the table's lock.
/// </summary>
internal sealed class ExpiryIndex
{
    /// <summary>How late an expiry may be noticed, in milliseconds.</summary>
    public const long Tick = 100;

    private const int Slots = 2048;

    private readonly CacheEntry?[] _slots = new CacheEntry?[Slots];
    private long _done;

    public ExpiryIndex(long now) => _done = now / Tick;

    public void Add(CacheEntry entry)
    {
        // The first tick that ends after it is due finds it due. One that was due before it came here, because its moment
        // was taken a little earlier, must not wait a whole round.
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

    /// <summary>Adds those that are due to <paramref name="due"/>; they stay in the index until they are removed.</summary>
    public void Collect(long now, List<CacheEntry> due)
    {
        var until = now / Tick;
        // After a long pause one round over all slots sees everything.
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
