using System.Data.Common;

namespace OrleansCache.Tests.Catalogs;

/// <summary>
/// A database that may be edited with plain SQL, without a catalog, in a table books with the columns key, version, tag and payload.
/// </summary>
public abstract class SqlTestDatabase : TestDatabase
{
    /// <summary>Runs a statement as any client of the database would.</summary>
    public abstract Task RunAsync(string sql);

    /// <summary>A connection of any client of the database.</summary>
    public abstract Task<DbConnection> OpenConnectionAsync();

    /// <summary>Runs a statement on a connection, which keeps its transaction.</summary>
    public static async Task RunAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first value that a statement gives.</summary>
    public abstract Task<object?> ScalarAsync(string sql);
}
