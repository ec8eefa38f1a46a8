namespace OrleansCache.Client;

/// <summary>What an edit did.</summary>
public sealed record EditReceipt
{
    /// <summary>The book's key.</summary>
    public required string Key { get; init; }

    /// <summary>What it did to the catalog; never <see cref="EditOutcome.Conflict"/>, which is an <see cref="EditConflictException"/>.</summary>
    public required EditOutcome Outcome { get; init; }

    /// <summary>The version that the book has by it: what the next conditional edit expects, and what a lookup elsewhere may ask for (<see cref="GetOptions.AtLeast"/>).</summary>
    public required long Version { get; init; }

    /// <summary>The tag that goes with that version.</summary>
    public required Guid Tag { get; init; }

    /// <summary>How long it took, failed attempts included.</summary>
    public TimeSpan Elapsed { get; init; }
}
