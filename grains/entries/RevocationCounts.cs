namespace OrleansCache.Entries;

/// <summary>
/// Counts the revocations of books. Whoever asks for a book notes its count before, and throws the answer away when the count has
/// changed: the answer was given before the book was revoked, and came after. The books of a slot share a few counters, so that they
/// take no more room however many there are; an answer that is thrown away for another book's revocation is only asked for again.
/// </summary>
public sealed class RevocationCounts(int slots)
{
    private const int CountersPerSlot = 64;

    private readonly long[] _counts = new long[slots * CountersPerSlot];

    /// <summary>How often this book, or another one of its counter, has been revoked.</summary>
    public long Of(string book) => Volatile.Read(ref _counts[IndexOf(book)]);

    internal long Raise(string book) => Interlocked.Increment(ref _counts[IndexOf(book)]);

    /// <summary>Counts a revocation of every book of a slot.</summary>
    internal void RaiseAll(int slot)
    {
        foreach (ref var count in _counts.AsSpan(slot * CountersPerSlot, CountersPerSlot))
            Interlocked.Increment(ref count);
    }

    private int IndexOf(string book)
    {
        var hash = KeyHash.Of(book);
        return (int)(((hash % (ulong)slots) * CountersPerSlot) + (hash / (ulong)slots % CountersPerSlot));
    }
}
