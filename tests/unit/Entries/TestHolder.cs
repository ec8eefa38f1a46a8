using OrleansCache.Entries;

namespace OrleansCache.Tests.Entries;

/// <summary>A holder that releases its entry at once, or when the test calls <see cref="Release"/>.</summary>
internal sealed class TestHolder(LeasedEntryTable table, Clock clock, bool releasesAtOnce = true) : IEntryHolder
{
    public CacheEntry? Kept { get; private set; }

    /// <summary>The reasons of its evictions, in order.</summary>
    public List<EvictionReason> Evictions { get; } = [];

    /// <summary>Called at each eviction.</summary>
    public Action<CacheEntry>? OnEvict { get; init; }

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
        Evictions.Add(reason);
        OnEvict?.Invoke(entry);
        if (releasesAtOnce)
            Release();
    }

    public void Release()
    {
        if (Kept is { } kept)
            table.Release(kept);
        Kept = null;
    }
}
