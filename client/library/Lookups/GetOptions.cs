namespace OrleansCache.Client;

/// <summary>What a caller asks of one lookup.</summary>
public sealed record GetOptions
{
    internal static GetOptions Default { get; } = new();

    /// <summary>
    /// The reader's region, which is asked first when the book is not kept in this process. Null when it is not known: the book's key
    /// picks one then.
    /// </summary>
    public string? Region { get; init; }

    /// <summary>Whether to read the catalog itself, past every cache; what it gives replaces the copies on its way.</summary>
    public bool Fresh { get; init; }

    /// <summary>Whether to fail rather than answer with a flag.</summary>
    public bool RequireCoherent { get; init; }

    /// <summary>
    /// At least this version is wanted, such as the one that somebody else's edit has reported. A copy that is older is not taken without the
    /// catalog having been asked; what the catalog holds then counts. Null when any will do.
    /// </summary>
    public long? AtLeast { get; init; }
}
