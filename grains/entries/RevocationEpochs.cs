namespace OrleansCache.Entries;

/// <summary>
/// Counts the revocations of keys. The epoch of a key is read before its row is requested; when it has changed by the time the answer is
/// here, the answer may be older than the edit and is discarded. The keys of a slot share a few counters, so the memory is bounded however
/// many keys there are; an answer that is discarded for another key's revocation is only requested again.
/// </summary>
internal sealed class RevocationEpochs(int slots)
{
    private const int CountersPerSlot = 64;

    private readonly long[] _epochs = new long[slots * CountersPerSlot];

    /// <summary>How many revocations of the key, or of others with the same counter, there have been.</summary>
    public long Current(CacheKey key) => Current(key.Hash);

    /// <summary>As above, for the key of an entry.</summary>
    public long Current(CacheEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Current(KeyHash.Of(entry.Book));
    }

    internal long Bump(string key) => Interlocked.Increment(ref _epochs[IndexOf(KeyHash.Of(key))]);

    /// <summary>Counts a revocation of every key of a slot.</summary>
    internal void BumpAll(int slot)
    {
        foreach (ref var epoch in _epochs.AsSpan(slot * CountersPerSlot, CountersPerSlot))
            Interlocked.Increment(ref epoch);
    }

    internal long Current(ulong hash) => Volatile.Read(ref _epochs[IndexOf(hash)]);

    private int IndexOf(ulong hash) => (int)(((hash % (ulong)slots) * CountersPerSlot) + (hash / (ulong)slots % CountersPerSlot));
}

/// <summary>The result of a revocation.</summary>
/// <param name="Tokens">For each key in order the token of its revocation.</param>
/// <param name="Clients">What clients have to give back.</param>
internal sealed record RevocationResult(RevocationToken[] Tokens, IReadOnlyList<Revocation<Guid>> Clients);

/// <summary>
/// A holder's acknowledgement of a revocation. Only that holder interprets it: the new row comes back with it, and it tells whether another
/// revocation came in between.
/// </summary>
/// <param name="Epoch">The key's epoch after the revocation.</param>
/// <param name="HeldEntry">Whether it held an entry, so that it can use the new row.</param>
/// <param name="Released">
/// The number of the last message about released keys that was sent before: one that arrives later says nothing of the new row.
/// </param>
[GenerateSerializer, Immutable, Alias("OrleansCache.VolumeRevocationToken")]
internal readonly record struct RevocationToken(
    [property: Id(0)] long Epoch, [property: Id(1)] bool HeldEntry, [property: Id(2)] long Released = 0);
