using OrleansCache.Client;

namespace OrleansCache.Http;

/// <summary>A book as it is read and written.</summary>
/// <param name="Key">The key; in a body that is sent it may be left out.</param>
/// <param name="Title">The title; never empty.</param>
/// <param name="Author">The author, or several joined by "; "; empty when unknown.</param>
/// <param name="Year">The year of first publication; negative before Christ.</param>
/// <param name="Genre">The genre.</param>
/// <param name="Isbn">The ISBN as given by the source.</param>
/// <param name="Description">A short description.</param>
internal sealed record BookDocument(
    string? Key = null,
    string Title = "",
    string Author = "",
    int? Year = null,
    string? Genre = null,
    string? Isbn = null,
    string? Description = null)
{
    public static BookDocument Of(string key, Book book) =>
        new(key, book.Title, book.Author, book.Year, book.Genre, book.Isbn, book.Description);

    public Book ToBook() => new(Title, Author, Year, Genre, Isbn, Description);
}

/// <summary>The answer to one lookup of several.</summary>
internal sealed record LookupDocument
{
    /// <summary>The key that was looked up.</summary>
    public required string Key { get; init; }

    /// <summary>Whether there is such a book.</summary>
    public required bool Found { get; init; }

    /// <summary>The book, when there is one.</summary>
    public Book? Book { get; init; }

    /// <summary>The number of edits of the book so far; 0 when there is none.</summary>
    public required long Version { get; init; }

    /// <summary>The tag that goes with the version.</summary>
    public Guid? Tag { get; init; }

    /// <summary>Which tier has answered: near, silo, redis, owner or catalog.</summary>
    public required string Tier { get; init; }

    /// <summary>Which region has answered.</summary>
    public required string Region { get; init; }

    /// <summary>The node that the key belongs to in that region.</summary>
    public string? Node { get; init; }

    public required double ElapsedMs { get; init; }

    public required double AgeMs { get; init; }

    public required double TimeToLiveMs { get; init; }

    /// <summary>Which guarantees the answer lacks: stale, unleased; none in a healthy cluster.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>The attempts that have failed before this answer.</summary>
    public required IReadOnlyList<string> FailedAttempts { get; init; }

    public static LookupDocument Of(LookupResult result) => new()
    {
        Key = result.Key,
        Found = result.Found,
        Book = result.Book,
        Version = result.Version,
        Tag = result.Found ? result.Tag : null,
        Tier = CacheStatus.NameOf(result.Tier),
        Region = result.Region,
        Node = result.Node,
        ElapsedMs = result.Elapsed.TotalMilliseconds,
        AgeMs = result.Age.TotalMilliseconds,
        TimeToLiveMs = result.TimeToLive.TotalMilliseconds,
        Flags = result.Flags is LookupFlags.None ? [] : CacheStatus.NamesOf(result.Flags).Split(", "),
        FailedAttempts = [.. result.FailedAttempts.Select(attempt => attempt.ToString())],
    };
}

/// <summary>The keys that are looked up together.</summary>
internal sealed record KeysDocument(IReadOnlyList<string> Keys);

/// <summary>The result of an edit.</summary>
/// <param name="Key">The key.</param>
/// <param name="Outcome">What has changed: created, updated, unchanged or removed.</param>
/// <param name="Version">The version after the edit.</param>
/// <param name="Tag">The tag that goes with it.</param>
/// <param name="ElapsedMs">How long the edit took.</param>
internal sealed record EditDocument(string Key, string Outcome, long Version, Guid Tag, double ElapsedMs)
{
    public static EditDocument Of(EditReceipt receipt) => new(
        receipt.Key,
        receipt.Outcome.ToString().ToLowerInvariant(),
        receipt.Version,
        receipt.Tag,
        receipt.Elapsed.TotalMilliseconds);
}
