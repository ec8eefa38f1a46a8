using System.Diagnostics.CodeAnalysis;

namespace OrleansCache.Client;

/// <summary>
/// The answer to a lookup, and where it came from. A near cache gives the same instance to every lookup that it answers, so the instance
/// must not be used as an identity. Its <see cref="Age"/> and <see cref="TimeToLive"/> are then those of the moment in which they are read,
/// and the book is decoded when it is first read. Safe for concurrent use.
/// </summary>
public sealed class LookupResult
{
    // Where it comes from: a result of a near cache refers to its entry, so it is small.
    private readonly ILookupSource _source;
    private Book? _book;

    /// <summary>Makes a result; for tests and stand-ins of <see cref="IBookCache"/>.</summary>
    public LookupResult() => _source = new LookupContent();

    /// <summary>Makes the result of an answer, and decodes its book, so that a corrupt one fails the lookup and not its reader.</summary>
    /// <exception cref="InvalidPayloadException">The payload is not a book.</exception>
    [SetsRequiredMembers]
    internal LookupResult(LookupAnswer answer, TimeSpan elapsed, IReadOnlyList<FailedAttempt> failedAttempts)
        : this(ContentOf(answer, elapsed, failedAttempts), answer.Row.Payload is { } payload ? BookPayload.Decode(payload) : null)
    {
    }

    /// <summary>Makes the result that every hit of an entry returns.</summary>
    [SetsRequiredMembers]
    internal LookupResult(NearEntry entry)
        : this(entry, book: null)
    {
    }

    // The compiler does not see that the required members are those of the source.
#pragma warning disable CS8618
    [SetsRequiredMembers]
    private LookupResult(ILookupSource source, Book? book) => (_source, _book) = (source, book);
#pragma warning restore CS8618

    /// <summary>The key that was looked up.</summary>
    public required string Key { get => _source.Key; init => Content.Key = value; }

    /// <summary>The book; null when the key has none.</summary>
    /// <exception cref="InvalidPayloadException">What the catalog holds is not a book.</exception>
    public Book? Book { get => _book ?? Decode(); init => _book = value; }

    /// <summary>Whether there is such a book.</summary>
    public bool Found => _book is not null || _source is NearEntry { Row.Exists: true };

    /// <summary>The number of edits of the book so far, from 1; 0 when there is no book.</summary>
    public long Version { get => _source.Identity.Version; init => Content.Identity = Content.Identity with { Version = value }; }

    /// <summary>
    /// The tag that goes with the version (<see cref="EditOptions.ExpectedTag"/>): the same version of a catalog that was restored from a
    /// backup has another one.
    /// </summary>
    public Guid Tag { get => _source.Identity.Tag; init => Content.Identity = Content.Identity with { Tag = value }; }

    /// <summary>The tier that answered.</summary>
    public required Tier Tier { get => _source.Tier; init => Content.Tier = value; }

    /// <summary>The region that answered.</summary>
    public required string Region { get => _source.Region; init => Content.Region = value; }

    /// <summary>The node that the key belongs to in that region; null while the region has none.</summary>
    public string? Node { get => _source.Node; init => Content.Node = value; }

    /// <summary>How long ago the silo that answered got its entry.</summary>
    public TimeSpan Age { get => _source.Age; init => Content.Age = value; }

    /// <summary>How long the entry may still be used.</summary>
    public TimeSpan TimeToLive { get => _source.TimeToLive; init => Content.TimeToLive = value; }

    /// <summary>Which guarantees the answer lacks; none in a healthy cluster.</summary>
    public LookupFlags Flags { get => Given?.Flags ?? LookupFlags.None; init => Content.Flags = value; }

    /// <summary>How long the lookup took, failed attempts included; zero when the near cache answered.</summary>
    public TimeSpan Elapsed { get => Given?.Elapsed ?? TimeSpan.Zero; init => Content.Elapsed = value; }

    /// <summary>The attempts that failed before this answer; empty in a healthy cluster.</summary>
    public IReadOnlyList<FailedAttempt> FailedAttempts { get => Given?.FailedAttempts ?? []; init => Content.FailedAttempts = value; }

    /// <summary>What the silo did, where the lookup was traced (<see cref="GetOptions.Trace"/>).</summary>
    internal LookupTrace? Trace => Given?.Trace;

    private LookupContent? Given => _source as LookupContent;

    private LookupContent Content => (LookupContent)_source;

    /// <summary>The same result for another caller of a shared lookup, who waited for a different time.</summary>
    internal LookupResult WithElapsed(TimeSpan elapsed) => new(Content with { Elapsed = elapsed }, _book);

    private static LookupContent ContentOf(LookupAnswer answer, TimeSpan elapsed, IReadOnlyList<FailedAttempt> failedAttempts) => new()
    {
        Key = answer.Row.Key,
        Identity = answer.Row.Exists ? answer.Row.Identity : RowVersion.None,
        Tier = answer.Tier,
        Region = answer.Region,
        Node = answer.Node,
        Age = answer.Age,
        TimeToLive = answer.TimeToLive,
        Flags = answer.Flags,
        Elapsed = elapsed,
        FailedAttempts = failedAttempts,
        Trace = answer.Trace,
    };

    private Book? Decode()
    {
        if (_source is not NearEntry { Row.Payload: { } payload } entry)
            return null;
        var book = BookPayload.Decode(payload);
        // Several readers may decode it at once; one of their books is kept and counted.
        if (Interlocked.CompareExchange(ref _book, book, null) is { } first)
            return first;
        entry.CountDecoded(book);
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
