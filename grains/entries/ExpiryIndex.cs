namespace OrleansCache.Entries;

/// <summary>
/// When copies end: a hashed timing wheel (Varghese and Lauck, 1987). An entry lies in the slot of the tick in which it
/// is due; each tick looks at one slot, and entries of a later round stay. Adding and removing cost the same however
/// many there are, and one timer serves them all. Called under the table's lock.
/// </summary>
internal sealed class ExpiryIndex
{
    /// <summary>How late an expiry may be noticed, in milliseconds.</summary>
    public const long Tick = 100;

    private const int Slots = 2048;

    private readonly KeptCopy?[] _slots = new KeptCopy?[Slots];
    private long _done;

    public ExpiryIndex(long now) => _done = now / Tick;

    public void Add(KeptCopy copy)
    {
        // The first tick that ends after it is due finds it due. One that was due before it came here, because its moment
        // was taken a little earlier, must not wait a whole round.
        copy.WheelSlot = (int)(Math.Max((copy.Due / Tick) + 1, _done + 1) % Slots);
        ref var slot = ref _slots[copy.WheelSlot];
        copy.WheelPrevious = null;
        copy.WheelNext = slot;
        if (slot is not null)
            slot.WheelPrevious = copy;
        slot = copy;
    }

    public void Remove(KeptCopy copy)
    {
        if (copy.WheelNext is not null)
            copy.WheelNext.WheelPrevious = copy.WheelPrevious;
        if (copy.WheelPrevious is not null)
            copy.WheelPrevious.WheelNext = copy.WheelNext;
        else
            _slots[copy.WheelSlot] = copy.WheelNext;
        copy.WheelNext = copy.WheelPrevious = null;
    }

    /// <summary>Adds those that are due to <paramref name="due"/>; they stay in the index until they are removed.</summary>
    public void Collect(long now, List<KeptCopy> due)
    {
        var until = now / Tick;
        // After a long pause one round over all slots sees everything.
        var first = Math.Max(_done + 1, until - Slots + 1);
        for (var tick = first; tick <= until; tick++)
        {
            for (var copy = _slots[tick % Slots]; copy is not null; copy = copy.WheelNext)
            {
                if (copy.Due <= now)
                    due.Add(copy);
            }
        }

        _done = until;
    }
}
