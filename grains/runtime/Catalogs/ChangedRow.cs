namespace OrleansCache.Catalogs;

/// <summary>A row that was written: inserted, changed or removed.</summary>
/// <param name="Key">The book's key.</param>
/// <param name="Identity">The row's identity now.</param>
public readonly record struct ChangedRow(string Key, RowVersion Identity);
