namespace OrleansCache.Entries;

/// <summary>Whoever holds a copy: a book grain.</summary>
public interface ICopyHolder
{
    /// <summary>
    /// Asks the holder to deactivate and then to release its copy. May be called on any thread, outside of the table's
    /// lock, and must not block.
    /// </summary>
    void Leave(KeptCopy copy, LeaveReason reason);
}
