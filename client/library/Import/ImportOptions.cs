namespace OrleansCache.Client.Import;

/// <summary>The options of an import.</summary>
public sealed record ImportOptions
{
    /// <summary>
    /// The column whose value, after <c>book::</c>, is the key; null for the first of key, isbn and book_id that the file has.
    /// </summary>
    public string? KeyColumn { get; init; }

    /// <summary>Whether one invalid row rejects the whole file. The file is then read twice.</summary>
    public bool Strict { get; init; }

    /// <summary>The books per batch. Default: 1,000.</summary>
    public int BatchSize { get; init; } = 1_000;
}
