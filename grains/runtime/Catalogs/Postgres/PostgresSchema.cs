using System.Globalization;
using Npgsql;

namespace OrleansCache.Catalogs;

/// <summary>The tables of a PostgreSQL catalog and the steps from each version to the next.</summary>
internal static class PostgresSchema
{
    // An arbitrary number that every process uses and no other program does.
    private const long Lock = 0x4F43_424B_0001;

    // Others may be changing the tables at the same time.
    private const int SecondsForOthers = 30;

    // Step n leads from version n to n + 1, which is in catalog_version. Steps are only ever added.
    // Payloads are text and not jsonb, which would not give the same bytes back.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE books (
            key     text COLLATE "C" PRIMARY KEY,
            version bigint NOT NULL,
            tag     uuid   NOT NULL,
            payload text   COLLATE "C" NOT NULL
        );
        CREATE TABLE topology (
            region  text COLLATE "C" PRIMARY KEY,
            version bigint NOT NULL,
            nodes   text   NOT NULL
        );
        CREATE TABLE catalog_version (version integer NOT NULL);
        INSERT INTO catalog_version VALUES (0);
        """,
        PostgresIdentityStep.Sql,
        PostgresFeedStep.Sql,
        PostgresClusterStep.Sql,
    ];

    /// <summary>Updates a database to the newest version; several processes may do so at once.</summary>
    public static async Task ApplyAsync(NpgsqlConnection connection, string place, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await ScalarAsync(connection, $"SELECT pg_advisory_xact_lock({Lock})", cancellation).ConfigureAwait(false);
        if (await ScalarAsync(connection, "SHOW server_encoding", cancellation).ConfigureAwait(false) is not "UTF8")
            throw new CatalogUnavailableException(
                $"The catalog {place} cannot be used: the database's encoding is not UTF8. Create it with ENCODING 'UTF8'.");
        var version = await VersionAsync(connection, place, cancellation).ConfigureAwait(false);
        if (version < Steps.Length)
        {
            foreach (var step in Steps.Skip(version))
                await RunAsync(connection, step, cancellation).ConfigureAwait(false);
            await ScalarAsync(connection, $"UPDATE catalog_version SET version = {Steps.Length}", cancellation).ConfigureAwait(false);
        }

        await RunAsync(connection, PostgresFeed.Repair, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<int> VersionAsync(NpgsqlConnection connection, string place, CancellationToken cancellation)
    {
        if (await ScalarAsync(connection, "SELECT to_regclass('catalog_version') IS NULL", cancellation).ConfigureAwait(false) is true)
        {
            return await ScalarAsync(connection, "SELECT coalesce(to_regclass('books'), to_regclass('topology'))::text", cancellation)
                .ConfigureAwait(false) is string table
                ? throw new CatalogUnavailableException(
                    $"The catalog {place} cannot be used: its table {table} belongs to another program. "
                    + "Name another database, or a schema with Search Path.")
                : 0;
        }

        var found = await ScalarAsync(connection, "SELECT max(version) FROM catalog_version", cancellation).ConfigureAwait(false);
        var version = Convert.ToInt32(found, CultureInfo.InvariantCulture);
        return version <= Steps.Length
            ? version
            : throw new CatalogUnavailableException(
                $"The catalog {place} cannot be used: a newer OrleansCache has written it (version {version} of its tables; "
                + $"this one knows up to {Steps.Length}). Use the newer one.");
    }

    /// <summary>Runs a statement that may go through all books, for as long as it takes.</summary>
    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = SecondsForOthers };
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }
}
