using System.Diagnostics.CodeAnalysis;

namespace OrleansCache.Client;

/// <summary>
/// The answer to a lookup, and where it came from. A book that is kept in this process has one result that is given to everybody who looks
/// it up, so its ages are those of the moment in which they are read, and its bytes are decoded when the book is first asked for.
/// </summary>
public sealed record LookupResult
{
    private readonly ILookupFacts _facts;
    private Book? _book;

    /// <summary>Makes a result that says what it is given.</summary>
    public LookupResult() => _facts = new GivenFacts();

    // The facts have what is required.
#pragma warning disable CS8618
    [SetsRequiredMembers]
    internal LookupResult(ILookupFacts facts) => _facts = facts;
#pragma warning restore CS8618

    private LookupResult(LookupResult other) => (_facts, _book) = (new GivenFacts(other._facts), other._book);

    /// <summary>The key that was looked up.</summary>
    public required string Key { get => _facts.Key; init => Given.Key = value; }

    /// <summary>The book, or null when there is none of that key.</summary>
    /// <exception cref="InvalidPayloadException">What the catalog holds is not a book.</exception>
    public Book? Book
    {
        get => _book ?? Decode();
        init => (_book, Given.Payload, Given.Exists) = (value, null, value is not null);
    }

    /// <summary>Whether there is such a book.</summary>
    public bool Found => _facts.Exists;

    /// <summary>How often the book has been edited, from 1; 0 when there is none.</summary>
    public long Version { get => _facts.Version; init => Given.Version = value; }

    /// <summary>Where it was found.</summary>
    public required Tier Tier { get => _facts.Tier; init => Given.Tier = value; }

    /// <summary>The region that answered.</summary>
    public required string Region { get => _facts.Region; init => Given.Region = value; }

    /// <summary>The node that the book belongs to in that region; null while the region has none.</summary>
    public string? Node { get => _facts.Node; init => Given.Node = value; }

    /// <summary>How long ago the silo that answered got its copy.</summary>
    public TimeSpan Age { get => _facts.Age; init => Given.Age = value; }

    /// <summary>How long that copy may still be used.</summary>
    public TimeSpan TimeToLive { get => _facts.TimeToLive; init => Given.TimeToLive = value; }

    /// <summary>What the answer had to give up; none on a healthy cluster.</summary>
    public LookupFlags Flags { get => _facts.Flags; init => Given.Flags = value; }

    /// <summary>How long the lookup took, failed attempts included; zero when the book was kept in this process.</summary>
    public TimeSpan Elapsed { get => _facts.Elapsed; init => Given.Elapsed = value; }

    /// <summary>The attempts that failed before this answer; empty on a healthy cluster.</summary>
    public IReadOnlyList<FailedAttempt> FailedAttempts { get => _facts.FailedAttempts; init => Given.FailedAttempts = value; }

    // What is being initialized has facts of its own: both constructors that an initializer can follow see to it.
    private GivenFacts Given => (GivenFacts)_facts;

    /// <summary>Whether both say the same now.</summary>
    public bool Equals(LookupResult? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && (Key, Version, Tier, Region, Node, Flags) == (other.Key, other.Version, other.Tier, other.Region, other.Node, other.Flags)
            && (Age, TimeToLive, Elapsed) == (other.Age, other.TimeToLive, other.Elapsed)
            && Book == other.Book
            && FailedAttempts.SequenceEqual(other.FailedAttempts));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, Version, Tier, Region, Node);

    private Book? Decode()
    {
        if (_facts.Payload is not { } payload)
            return null;
        var book = BookPayload.Decode(payload);
        // Of several readers that decode it at once one is kept, and counted.
        if (Interlocked.CompareExchange(ref _book, book, null) is { } first)
            return first;
        _facts.OnDecoded(book);
        return book;
    }
}
