namespace OrleansCache.Catalogs;

/// <summary>The fourth step of a SQLite catalog: what a cluster must agree on, the epochs of its slots and its settings.</summary>
internal static class SqliteClusterStep
{
    public const string Sql =
        """
        CREATE TABLE slots (
            slot  INTEGER PRIMARY KEY,
            epoch INTEGER NOT NULL -- how many owners the slot has had; only the newest may write
        ) STRICT;
        CREATE TABLE cluster_settings (
            name  TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """;
}
