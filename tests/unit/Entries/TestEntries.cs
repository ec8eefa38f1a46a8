using OrleansCache.Entries;

namespace OrleansCache.Tests.Entries;

/// <summary>Entries of a given size, with a lease that is longer than their time to live.</summary>
internal static class TestEntries
{
    /// <summary>The bytes that an entry takes besides its payload and its key.</summary>
    public const int OwnBytes = 2_000;

    public static readonly Guid Tag = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    public static CacheEntry Make(
        IEntryHolder? holder, string book, int? payloadBytes, long ends, long leaseEnds = long.MaxValue, long version = 1) =>
        new(holder, CacheKey.Parse(book), Row(book, payloadBytes, version), new(Since: 0, leaseEnds, ends), OwnBytes);

    /// <summary>The epoch of a key.</summary>
    public static long Epoch(this LeasedEntryTable table, string book) => table.Epochs.Current(CacheKey.Parse(book));

    public static CachedRow Row(string book, int? payloadBytes, long version = 1) =>
        new(book, new(version, Tag), payloadBytes is { } bytes ? new byte[bytes] : null);
}
