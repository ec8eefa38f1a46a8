using Microsoft.Data.Sqlite;

namespace OrleansCache.Catalogs;

/// <summary>The tables of a SQLite catalog and the steps from each version to the next.</summary>
internal static class SqliteSchema
{
    // The bytes "OCBK" in the header of a file mark it as a catalog.
    private const long ApplicationId = 0x4F43_424B;

    // Step n leads from version n to n + 1, which is the user_version of the file. Steps are only ever added.
    // A table with a row id keeps payloads out of the tree that keys are looked up in.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE books (
            key     TEXT    NOT NULL PRIMARY KEY,
            version INTEGER NOT NULL,
            tag     BLOB    NOT NULL CHECK (length(tag) = 16),
            payload TEXT    NOT NULL
        ) STRICT;
        CREATE TABLE topology (
            region  TEXT    NOT NULL PRIMARY KEY,
            version INTEGER NOT NULL,
            nodes   TEXT    NOT NULL
        ) STRICT, WITHOUT ROWID;
        """,
        SqliteIdentityStep.Sql,
        SqliteFeedStep.Sql,
        SqliteClusterStep.Sql,
    ];

    /// <summary>Updates a file to the newest version; several processes may do so at once.</summary>
    public static void Apply(SqliteFile file, SqliteConnection connection, CancellationToken cancellation)
    {
        // Checked before anything is changed: the journal mode is persistent, and the file may belong to another program.
        _ = VersionOf(file, connection);
        connection.RunWhenFree("PRAGMA journal_mode = WAL", cancellation);
        connection.RunWhenFree("BEGIN IMMEDIATE", cancellation);
        for (var version = VersionOf(file, connection); version < Steps.Length; version++)
            connection.Run(Steps[version]);
        connection.Run($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Steps.Length}; COMMIT;");
    }

    private static long VersionOf(SqliteFile file, SqliteConnection connection)
    {
        var (application, version, tables) = Look(connection);
        if (application != ApplicationId && (application != 0 || version != 0 || tables > 0))
            throw new CatalogUnavailableException(
                $"The catalog {file.Path} cannot be used: the file belongs to another program. Name another file.");
        if (version > Steps.Length)
        {
            throw new CatalogUnavailableException(
                $"The catalog {file.Path} cannot be used: a newer OrleansCache has written it (version {version} of its tables; "
                + $"this one knows up to {Steps.Length}). Use the newer one.");
        }

        return version;
    }

    private static (long Application, long Version, long Tables) Look(SqliteConnection connection)
    {
        // One statement sees one state of the file; between two statements another process may create the tables.
        using var command = connection.Command(
            "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version), (SELECT count(*) "
            + "FROM sqlite_schema)");
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
    }
}
