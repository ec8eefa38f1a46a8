namespace OrleansCache.Client.Import;

/// <summary>How a file is imported.</summary>
public sealed record ImportOptions
{
    /// <summary>The column whose value, after <c>book::</c>, is the key; null for the first of key, isbn and book_id that the file has.</summary>
    public string? KeyColumn { get; init; }

    /// <summary>Whether a single row that cannot be used keeps the whole file out. The file is then read twice.</summary>
    public bool Strict { get; init; }

    /// <summary>How many books are stored at once.</summary>
    public int BatchSize { get; init; } = 1_000;
}
