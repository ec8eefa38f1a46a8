namespace OrleansCache.Client;

/// <summary>The options of one lookup. Lookups of the same key with equal options may share one request.</summary>
public sealed record GetOptions
{
    internal static GetOptions Default { get; } = new();

    /// <summary>
    /// The reader's region, which is asked first when the near cache has no entry. Null when it is not known: a hash ring of the regions
    /// picks one by the key.
    /// </summary>
    public string? Region { get; init; }

    /// <summary>Whether to read the catalog itself, past every cache. The result replaces the entries on its way.</summary>
    public bool Fresh { get; init; }

    /// <summary>Whether to fail instead of giving an answer with a flag (<see cref="LookupResult.Flags"/>).</summary>
    public bool RequireCoherent { get; init; }

    /// <summary>
    /// The lowest version that is wanted, such as one that another process has reported after an edit. An older entry is not used; the
    /// catalog is read instead, and what it holds is the answer. Null for any version.
    /// </summary>
    public long? AtLeast { get; init; }

    /// <summary>Whether the result has the steps of the lookup (<see cref="LookupResult.Trace"/>).</summary>
    internal bool Trace { get; init; }
}
