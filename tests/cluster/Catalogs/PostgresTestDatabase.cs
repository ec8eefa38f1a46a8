using System.Data.Common;
using Npgsql;
using OrleansCache.Catalogs;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Catalogs;

/// <summary>A schema of its own on the tests' server.</summary>
public sealed class PostgresTestDatabase(PostgresServer server) : SqlTestDatabase
{
    private readonly string schema = $"test_{Guid.NewGuid():N}";
    private int _holder;

    public string ConnectionString => server.For(schema);

    public override Task CreateAsync() => server.RunAsync($"CREATE SCHEMA {schema}");

    // What is held is released by the test, however busy the machine is.
    public override ICatalogStore Open() => new PostgresCatalog(ConnectionString + ";Options=-c lock_timeout=60s");

    public override Task RefuseAsync(string key) => server.RunAsync($"ALTER TABLE {schema}.books ADD CHECK (key <> '{key}')");

    public override async Task<IAsyncDisposable> HoldAsync(string key)
    {
        // Closing the connection rolls the insertion back.
        var connection = (NpgsqlConnection)await OpenConnectionAsync();
        await RunAsync(connection, "BEGIN; INSERT INTO books VALUES ('" + key + "', 1, gen_random_uuid(), '{}')");
        _holder = connection.ProcessID;
        return connection;
    }

    public override async Task<DbConnection> OpenConnectionAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public override async Task HasWaiterAsync()
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"SELECT count(*) FROM pg_stat_activity WHERE {_holder} = ANY (pg_blocking_pids(pid))", connection);
        await Eventually.IsTrueAsync(async () => await command.ExecuteScalarAsync() is > 0L, "a write waits for the one that is held");
    }

    public override async ValueTask DisposeAsync()
    {
        await server.RunAsync($"DROP SCHEMA {schema} CASCADE");
        await using var pool = new NpgsqlConnection(ConnectionString);
        NpgsqlConnection.ClearPool(pool);
    }

    public override async Task RunAsync(string sql) => await ScalarAsync(sql);

    public override async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        // A statement over all rows takes its time on a busy machine.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync();
    }
}
