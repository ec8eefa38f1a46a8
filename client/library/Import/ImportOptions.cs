namespace OrleansCache.Client.Import;

/// <summary>The options of an import.</summary>
public sealed record ImportOptions
{
    /// <summary>
    /// The column of each field, where it is not one of the known names. An empty name leaves the field out. Names of columns are compared
    /// without case, and blanks, hyphens and underscores are alike.
    /// </summary>
    public IReadOnlyDictionary<BookField, string> Columns { get; init; } = new Dictionary<BookField, string>();

    /// <summary>The separator of the fields, a character of ASCII; null to find it out.</summary>
    public char? Separator { get; init; }

    /// <summary>Whether one invalid row rejects the whole file. The file is then read twice.</summary>
    public bool Strict { get; init; }

    /// <summary>The books per batch. Default: 1,000.</summary>
    public int BatchSize { get; init; } = 1_000;
}
