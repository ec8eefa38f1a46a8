namespace OrleansCache.Tests.Catalogs;

/// <summary>
/// A database that may be edited with plain SQL, without a catalog, in a table books with the columns key, version, tag and payload.
/// </summary>
public abstract class SqlTestDatabase : TestDatabase
{
    /// <summary>Runs a statement as any client of the database would.</summary>
    public abstract Task RunAsync(string sql);

    /// <summary>The first value that a statement gives.</summary>
    public abstract Task<object?> ScalarAsync(string sql);
}
