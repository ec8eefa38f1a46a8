using System.Runtime.CompilerServices;
using OrleansCache.Entries;

namespace OrleansCache.Client;

/// <summary>
/// An entry in a client, with the result that every hit gives. Its row never changes: another row is another entry.
/// </summary>
internal sealed class NearEntry : CacheEntry, ILookupFacts
{
    /// <summary>What an entry costs besides its key and its payload, with its result and its places in the table, in bytes.</summary>
    public const int OwnSize = 400;

    private readonly NearCache _near;

    public NearEntry(NearCache near, CachedRow row, EntryLifetime lifetime, NearOrigin origin)
        : base(near, row, lifetime, OwnSize)
    {
        _near = near;
        Origin = origin;
        Answer = new LookupResult(this);
    }

    // A cast that looks at its type would read a line of the result, which a hit has no need of.
    public LookupResult Result => Unsafe.As<LookupResult>(Answer!);

    public NearOrigin Origin { get; }

    string ILookupFacts.Key => Row.Key;

    bool ILookupFacts.Exists => Row.Exists;

    byte[]? ILookupFacts.Payload => Row.Payload;

    long ILookupFacts.Version => Row.Exists ? Row.Identity.Version : 0;

    Tier ILookupFacts.Tier => Tier.Near;

    string ILookupFacts.Region => Origin.Silo.Region;

    string? ILookupFacts.Node => Origin.Node;

    TimeSpan ILookupFacts.Age => TimeSpan.FromMilliseconds(Math.Max(0, _near.Now - Since));

    TimeSpan ILookupFacts.TimeToLive => TimeSpan.FromMilliseconds(Math.Max(0, Ends - _near.Now));

    LookupFlags ILookupFacts.Flags => LookupFlags.None;

    TimeSpan ILookupFacts.Elapsed => TimeSpan.Zero;

    IReadOnlyList<FailedAttempt> ILookupFacts.FailedAttempts => [];

    void ILookupFacts.OnDecoded(Book book) => _near.Grow(this, SizeOf(book));

    // An object with six references and numbers, and its texts in UTF-16.
    private static int SizeOf(Book book) =>
        72 + SizeOf(book.Title) + SizeOf(book.Author) + SizeOf(book.Genre) + SizeOf(book.Isbn) + SizeOf(book.Description);

    private static int SizeOf(string? text) => string.IsNullOrEmpty(text) ? 0 : 28 + (2 * text.Length);
}
