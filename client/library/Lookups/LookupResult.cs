using System.Diagnostics.CodeAnalysis;

namespace OrleansCache.Client;

/// <summary>
/// The answer to a lookup, and where it came from. A near cache gives the same instance to every lookup that it answers, so the instance
/// must not be used as an identity. Its <see cref="Age"/> and <see cref="TimeToLive"/> are then those of the moment in which they are read,
/// and the book is decoded when it is first read. Safe for concurrent use.
/// </summary>
public sealed class LookupResult
{
    // The entry that this is the result of; null when the near cache had none.
    private readonly NearEntry? _entry;
    private Book? _book;

    /// <summary>Makes a result; for tests and stand-ins of <see cref="IBookCache"/>.</summary>
    public LookupResult()
    {
    }

    /// <summary>Makes the result of an answer, and decodes its book, so that a corrupt one fails the lookup and not its reader.</summary>
    /// <exception cref="InvalidPayloadException">The payload is not a book.</exception>
    [SetsRequiredMembers]
    internal LookupResult(LookupAnswer answer, TimeSpan elapsed, IReadOnlyList<FailedAttempt> failedAttempts)
    {
        var row = answer.Row;
        _book = row.Payload is { } payload ? BookPayload.Decode(payload) : null;
        (Key, Version, Tag) = (row.Key, row.Exists ? row.Identity.Version : 0, row.Exists ? row.Identity.Tag : default);
        (Tier, Region, Node) = (answer.Tier, answer.Region, answer.Node);
        (Age, TimeToLive, Flags, Elapsed, FailedAttempts) = (answer.Age, answer.TimeToLive, answer.Flags, elapsed, failedAttempts);
        Trace = answer.Trace;
    }

    /// <summary>Makes the result that every hit of an entry returns.</summary>
    [SetsRequiredMembers]
    internal LookupResult(NearEntry entry)
    {
        var row = entry.Row;
        _entry = entry;
        (Key, Version, Tag) = (row.Key, row.Exists ? row.Identity.Version : 0, row.Exists ? row.Identity.Tag : default);
        (Tier, Region, Node) = (Tier.Near, entry.Origin.Silo.Region, entry.Origin.Node);
    }

    [SetsRequiredMembers]
    private LookupResult(LookupResult other, TimeSpan elapsed)
    {
        (_entry, _book) = (other._entry, other._book);
        (Key, Version, Tag) = (other.Key, other.Version, other.Tag);
        (Tier, Region, Node) = (other.Tier, other.Region, other.Node);
        (Age, TimeToLive, Flags, Elapsed, FailedAttempts) = (other.Age, other.TimeToLive, other.Flags, elapsed, other.FailedAttempts);
        Trace = other.Trace;
    }

    /// <summary>The key that was looked up.</summary>
    public required string Key { get; init; }

    /// <summary>The book; null when the key has none.</summary>
    /// <exception cref="InvalidPayloadException">What the catalog holds is not a book.</exception>
    public Book? Book
    {
        get => _book ?? Decode();
        init => _book = value;
    }

    /// <summary>Whether there is such a book.</summary>
    public bool Found => _book is not null || _entry is { Row.Exists: true };

    /// <summary>The number of edits of the book so far, from 1; 0 when there is no book.</summary>
    public long Version { get; init; }

    /// <summary>
    /// The tag that goes with the version (<see cref="EditOptions.ExpectedTag"/>): the same version of a catalog that was restored from a
    /// backup has another one.
    /// </summary>
    public Guid Tag { get; init; }

    /// <summary>The tier that answered.</summary>
    public required Tier Tier { get; init; }

    /// <summary>The region that answered.</summary>
    public required string Region { get; init; }

    /// <summary>The node that the key belongs to in that region; null while the region has none.</summary>
    public string? Node { get; init; }

    /// <summary>How long ago the silo that answered got its entry.</summary>
    public TimeSpan Age { get => _entry?.Age ?? field; init; }

    /// <summary>How long the entry may still be used.</summary>
    public TimeSpan TimeToLive { get => _entry?.TimeToLive ?? field; init; }

    /// <summary>Which guarantees the answer lacks; none in a healthy cluster.</summary>
    public LookupFlags Flags { get; init; }

    /// <summary>How long the lookup took, failed attempts included; zero when the near cache answered.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The attempts that failed before this answer; empty in a healthy cluster.</summary>
    public IReadOnlyList<FailedAttempt> FailedAttempts { get; init; } = [];

    /// <summary>What the silo did, where the lookup was traced (<see cref="GetOptions.Trace"/>).</summary>
    internal LookupTrace? Trace { get; init; }

    /// <summary>The same result for another caller of a shared lookup, who waited for a different time.</summary>
    internal LookupResult WithElapsed(TimeSpan elapsed) => new(this, elapsed);

    private Book? Decode()
    {
        if (_entry?.Row.Payload is not { } payload)
            return null;
        var book = BookPayload.Decode(payload);
        // Several readers may decode it at once; one of their books is kept and counted.
        if (Interlocked.CompareExchange(ref _book, book, null) is { } first)
            return first;
        _entry.CountDecoded(book);
        return book;
    }
}

/// <summary>An attempt of a lookup that gave no answer.</summary>
/// <param name="Region">The region that was asked, or could not be.</param>
/// <param name="Rank">Which of its silos, in the key's order of them, from 1; 0 for a message with many keys.</param>
/// <param name="Reason">Why there was no answer.</param>
/// <param name="Elapsed">How long the attempt took.</param>
public sealed record FailedAttempt(string Region, int Rank, string Reason, TimeSpan Elapsed)
{
    /// <summary>The attempt as text, as in <c>europe: no answer within 300 ms</c>.</summary>
    public override string ToString() => Rank switch
    {
        0 => $"{Region} (any silo): {Reason}",
        1 => $"{Region}: {Reason}",
        _ => $"{Region} (another silo): {Reason}",
    };
}
