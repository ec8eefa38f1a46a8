namespace OrleansCache.Entries;

/// <summary>
/// Counts the revocations of books. Whoever asks for a book notes its count before, and throws the answer away when the count has
/// changed: the answer was given before the book was revoked, and came after. The books of a slot share a few counters, so that they
/// take no more room however many there are; an answer that is thrown away for another book's revocation is only asked for again.
/// </summary>
public sealed class RevocationEpochs(int slots)
{
    private const int CountersPerSlot = 64;

    private readonly long[] _epochs = new long[slots * CountersPerSlot];

    /// <summary>How often this book, or another one of its counter, has been revoked.</summary>
    public long Current(string key) => Volatile.Read(ref _epochs[IndexOf(KeyHash.Of(key))]);

    /// <inheritdoc cref="Current(string)"/>
    public long Current(CacheKey key) => Volatile.Read(ref _epochs[IndexOf(key.Hash)]);

    internal long Bump(string key) => Interlocked.Increment(ref _epochs[IndexOf(KeyHash.Of(key))]);

    /// <summary>Counts a revocation of every book of a slot.</summary>
    internal void BumpAll(int slot)
    {
        foreach (ref var epoch in _epochs.AsSpan(slot * CountersPerSlot, CountersPerSlot))
            Interlocked.Increment(ref epoch);
    }

    private int IndexOf(ulong hash) => (int)(((hash % (ulong)slots) * CountersPerSlot) + (hash / (ulong)slots % CountersPerSlot));
}
