namespace OrleansCache.Client;

/// <summary>The answer to a lookup, and where it came from.</summary>
public sealed record LookupResult
{
    /// <summary>The key that was looked up.</summary>
    public required string Key { get; init; }

    /// <summary>The book, or null when there is none of that key.</summary>
    public Book? Book { get; init; }

    /// <summary>Whether there is such a book.</summary>
    public bool Found => Book is not null;

    /// <summary>How often the book has been edited, from 1; 0 when there is none.</summary>
    public long Version { get; init; }

    /// <summary>Where it was found.</summary>
    public required Tier Tier { get; init; }

    /// <summary>The region that answered.</summary>
    public required string Region { get; init; }

    /// <summary>The node that the book belongs to in that region; null while the region has none.</summary>
    public string? Node { get; init; }

    /// <summary>How long ago the silo that answered got its copy.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>How long that copy may still be used.</summary>
    public TimeSpan TimeToLive { get; init; }

    /// <summary>What the answer had to give up; none on a healthy cluster.</summary>
    public LookupFlags Flags { get; init; }

    /// <summary>How long the lookup took, failed attempts included.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The attempts that failed before this answer; empty on a healthy cluster.</summary>
    public IReadOnlyList<FailedAttempt> FailedAttempts { get; init; } = [];
}
