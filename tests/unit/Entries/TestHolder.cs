using OrleansCache.Entries;

namespace OrleansCache.Tests.Entries;

/// <summary>A holder that leaves at once, or when the test lets it.</summary>
internal sealed class TestHolder(LeasedEntryTable table, Clock clock, bool leavesAtOnce = true) : IEntryHolder
{
    public CacheEntry? Kept { get; private set; }

    /// <summary>Why it was told to leave, each time that it was.</summary>
    public List<EvictionReason> Told { get; } = [];

    /// <summary>Called when it is told to leave.</summary>
    public Action<CacheEntry>? OnLeave { get; init; }

    public bool Keep(string book, int? payloadBytes, TimeSpan timeToLive) => Keep(book, payloadBytes, timeToLive, table.Epochs.Current(book));

    public bool Keep(string book, int? payloadBytes, TimeSpan timeToLive, long observedEpoch)
    {
        var entry = TestEntries.Make(this, book, payloadBytes, clock.Now + (long)timeToLive.TotalMilliseconds);
        Kept = table.TryKeep(entry, observedEpoch) ? entry : null;
        return Kept is not null;
    }

    public void Evict(CacheEntry entry, EvictionReason reason)
    {
        Told.Add(reason);
        OnLeave?.Invoke(entry);
        if (leavesAtOnce)
            Go();
    }

    public void Go()
    {
        if (Kept is { } kept)
            table.Release(kept);
        Kept = null;
    }
}
