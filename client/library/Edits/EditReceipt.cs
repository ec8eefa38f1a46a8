namespace OrleansCache.Client;

/// <summary>The result of an edit that was made.</summary>
public sealed record EditReceipt
{
    /// <summary>The key.</summary>
    public required string Key { get; init; }

    /// <summary>What changed; never <see cref="EditOutcome.Conflict"/>, which is an <see cref="EditConflictException"/>.</summary>
    public required EditOutcome Outcome { get; init; }

    /// <summary>
    /// The version after the edit: what the next conditional edit expects, and what a lookup elsewhere may ask for
    /// (<see cref="GetOptions.AtLeast"/>).
    /// </summary>
    public required long Version { get; init; }

    /// <summary>The tag that goes with that version.</summary>
    public required Guid Tag { get; init; }

    /// <summary>How long the edit took, failed attempts included.</summary>
    public TimeSpan Elapsed { get; init; }
}
