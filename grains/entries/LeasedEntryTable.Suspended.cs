namespace OrleansCache.Entries;

/// <summary>
/// The suspended entries: those whose volume lease has ended for good, though nobody has revoked them. Their rows are probably current.
/// </summary>
internal sealed partial class LeasedEntryTable
{
    /// <summary>Looks for suspended entries that are worth a confirmation, in a part of the table.</summary>
    /// <param name="from">Where to begin: 0, or what the last call returned.</param>
    /// <param name="chains">How large that part is.</param>
    /// <param name="usedWithin">Entries that were not used within this time, in milliseconds, nor are by clients, are left out.</param>
    /// <param name="found">Gets the entries.</param>
    /// <returns>Where to go on; 0 at the end of the table.</returns>
    public int FindSuspended(int from, int chains, long usedWithin, List<CacheEntry> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        lock (_gate)
        {
            var now = _clock.Now;
            var usedSince = _ages.At(now - usedWithin);
            var end = Math.Min(from + chains, _byBook.Chains);
            for (var chain = from; chain < end; chain++)
            {
                for (var held = _byBook.First(chain); held is not null; held = held.NextInChain)
                {
                    for (var entry = held; entry is not null; entry = entry.SameKey)
                    {
                        if (entry.IsSuspended && entry.Ends > now
                            && (Volatile.Read(ref entry.LastUse) >= usedSince || entry is SharedEntry { Clients.IsEmpty: false }))
                            found.Add(entry);
                    }
                }
            }

            return end < _byBook.Chains ? end : 0;
        }
    }

    /// <summary>Counts an entry that could not be confirmed as revoked: it is not looked for any more, and its next use loads it.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="observedEpoch">The key's epoch before the confirmation was requested.</param>
    public void GiveUp(CacheEntry entry, long observedEpoch)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            if (entry.IsSuspended && Epochs.Current(entry) == observedEpoch)
                entry.EndUse();
        }
    }
}
