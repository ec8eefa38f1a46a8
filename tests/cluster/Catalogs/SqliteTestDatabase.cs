using System.Data.Common;
using Microsoft.Data.Sqlite;
using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>A file in a folder of its own.</summary>
public sealed class SqliteTestDatabase : SqlTestDatabase
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("catalog-");

    public string Folder => folder.FullName;

    public string Path => System.IO.Path.Combine(folder.FullName, "catalog.db");

    public override Task CreateAsync() => Task.CompletedTask;

    public override ICatalogStore Open() => new SqliteCatalog(Path);

    public override async Task RefuseAsync(string key)
    {
        await using var connection = await ConnectAsync();
        await RunAsync(
            connection, $"CREATE TRIGGER refuse BEFORE INSERT ON books WHEN NEW.key = '{key}' BEGIN SELECT RAISE(ABORT, 'refused'); END");
    }

    public override async Task<IAsyncDisposable> HoldAsync(string key)
    {
        var connection = await ConnectAsync();
        await RunAsync(connection, "BEGIN IMMEDIATE");
        return connection;
    }

    public override async Task<DbConnection> OpenConnectionAsync() => await ConnectAsync();

    public override async Task RunAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await RunAsync(connection, sql);
    }

    public override async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    public override ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    public async Task<SqliteConnection> ConnectAsync()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
