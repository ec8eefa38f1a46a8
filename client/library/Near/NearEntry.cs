using OrleansCache.Entries;

namespace OrleansCache.Client;

/// <summary>
/// An entry of a near cache, with the result that every hit returns. Its row never changes: another row is another entry.
/// </summary>
internal sealed class NearEntry : CacheEntry, ILookupSource
{
    /// <summary>The bytes of an entry besides its key and its payload: the entry, its result and its places in the table.</summary>
    public const int OwnSize = 360;

    public NearEntry(NearCache near, CachedRow row, EntryLifetime lifetime, NearOrigin origin)
        : base(near, row.Key, row, lifetime)
    {
        Origin = origin;
        IsKept = BookKey.IsKept(row.Key);
        Result = new(this);
    }

    /// <summary>The result of every hit.</summary>
    public LookupResult Result { get; }

    /// <summary>Whether its key is in the spelling under which a book is kept, and no guess; see <see cref="BookKey.IsKept"/>.</summary>
    public bool IsKept { get; }

    /// <summary>Its origin.</summary>
    public NearOrigin Origin { get; }

    /// <summary>The time since the silo got the row.</summary>
    public TimeSpan Age => TimeSpan.FromMilliseconds(Math.Max(0, Near.Now - Since));

    /// <summary>The time until it ends, lease or not.</summary>
    public TimeSpan TimeToLive => TimeSpan.FromMilliseconds(Math.Max(0, Ends - Near.Now));

    string ILookupSource.Key => Book;

    RowVersion ILookupSource.Identity => Row is { Exists: true } row ? row.Identity : RowVersion.None;

    Tier ILookupSource.Tier => Tier.Near;

    string ILookupSource.Region => Origin.Silo.Region;

    string? ILookupSource.Node => Origin.Node;

    /// <summary>Counts the memory of its decoded book.</summary>
    public void CountDecoded(Book book) => Near.Grow(this, SizeOf(book));

    private protected override int OwnBytes => OwnSize;

    private NearCache Near => (NearCache)Holder!;

    // An object of six references and numbers, and its texts in UTF-16.
    private static int SizeOf(Book book) =>
        72 + SizeOf(book.Title) + SizeOf(book.Author) + SizeOf(book.Genre) + SizeOf(book.Isbn) + SizeOf(book.Description);

    private static int SizeOf(string? text) => string.IsNullOrEmpty(text) ? 0 : 28 + (2 * text.Length);
}
