namespace OrleansCache.Client;

/// <summary>What a caller asks of one lookup.</summary>
public sealed record GetOptions
{
    internal static GetOptions Default { get; } = new();

    /// <summary>The reader's region, which is asked first. Null when it is not known: the book's key picks one then.</summary>
    public string? Region { get; init; }

    /// <summary>Whether to read the catalog itself, past every cache; what it gives replaces the copies on its way.</summary>
    public bool Fresh { get; init; }

    /// <summary>Whether to fail rather than answer with a flag.</summary>
    public bool RefuseFlagged { get; init; }
}
