using OrleansCache.Entries;

namespace OrleansCache.Tests.Entries;

/// <summary>A holder that releases its entry at once, or when the test calls <see cref="Go"/>.</summary>
internal sealed class TestHolder(LeasedEntryTable table, Clock clock, bool leavesAtOnce = true) : IEntryHolder
{
    public CacheEntry? Kept { get; private set; }

    /// <summary>The reasons of its evictions, in order.</summary>
    public List<EvictionReason> Told { get; } = [];

    /// <summary>Called at each eviction.</summary>
    public Action<CacheEntry>? OnLeave { get; init; }

    public bool Keep(string book, int? payloadBytes, TimeSpan timeToLive) =>
        Keep(book, payloadBytes, timeToLive, table.Epoch(book));

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
