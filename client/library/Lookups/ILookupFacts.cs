namespace OrleansCache.Client;

/// <summary>What stands behind a <see cref="LookupResult"/>; its members mean what they mean there.</summary>
internal interface ILookupFacts
{
    string Key { get; }

    bool Exists { get; }

    /// <summary>The book's bytes, where they have not been given decoded.</summary>
    byte[]? Payload { get; }

    long Version { get; }

    Tier Tier { get; }

    string Region { get; }

    string? Node { get; }

    TimeSpan Age { get; }

    TimeSpan TimeToLive { get; }

    LookupFlags Flags { get; }

    TimeSpan Elapsed { get; }

    IReadOnlyList<FailedAttempt> FailedAttempts { get; }

    /// <summary>Told once when the result holds the decoded book, too.</summary>
    void OnDecoded(Book book);
}
