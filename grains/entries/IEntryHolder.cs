namespace OrleansCache.Entries;

/// <summary>Whoever holds an entry: a book grain.</summary>
public interface IEntryHolder
{
    /// <summary>
    /// Asks the holder to deactivate and then to release its entry. May be called on any thread, outside of the table's
    /// lock, and must not block.
    /// </summary>
    void Evict(CacheEntry entry, EvictionReason reason);
}
