using OrleansCache.Entries;

namespace OrleansCache.Tests.Entries;

/// <summary>Entries of a given size, under a volume lease that is longer than their time to live.</summary>
internal static class TestEntries
{
    /// <summary>The bytes that an entry takes besides its payload and its key.</summary>
    public const int OwnBytes = 2_000;

    public static readonly Guid Tag = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    public static SharedEntry Make(
        IEntryHolder? holder, string book, int? payloadBytes, long ends, VolumeLease? volume = null, long version = 1) =>
        new Entry(holder, Row(book, payloadBytes, version), new(volume ?? Volume(long.MaxValue), Since: 0, ends));

    /// <summary>A volume lease of its own.</summary>
    public static VolumeLease Volume(long until) => new VolumeLeases(slots: 1).Take(0, new(1, 1), until)!;

    /// <summary>The epoch of a key.</summary>
    public static long Epoch(this LeasedEntryTable table, string book) => table.Epochs.Current(CacheKey.Parse(book));

    public static CachedRow Row(string book, int? payloadBytes, long version = 1) =>
        new(book, new(version, Tag), payloadBytes is { } bytes ? new byte[bytes] : null);

    private sealed class Entry(IEntryHolder? holder, CachedRow row, EntryLifetime lifetime) : SharedEntry(holder, row.Key, row, lifetime)
    {
        private protected override int OwnBytes => TestEntries.OwnBytes;
    }
}
