namespace OrleansCache.Entries;

/// <summary>The holder of an entry: a book grain in a silo, the near cache in a client.</summary>
internal interface IEntryHolder
{
    /// <summary>
    /// Asks the holder to release its entry, after deactivating where it is a grain. May be called on any thread, outside of the table's
    /// lock, and must not block.
    /// </summary>
    void Evict(CacheEntry entry, EvictionReason reason);
}

/// <summary>Why an entry must leave memory.</summary>
internal enum EvictionReason
{
    /// <summary>Its time to live has ended.</summary>
    Expired,

    /// <summary>The budget is full, and other entries were used more recently.</summary>
    LeastRecentlyUsed,

    /// <summary>It was dropped.</summary>
    Revoked,
}
