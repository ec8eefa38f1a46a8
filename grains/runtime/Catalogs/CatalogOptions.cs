namespace OrleansCache.Catalogs;

/// <summary>Which database holds the books.</summary>
public sealed record CatalogOptions
{
    /// <summary>The embedded database: one file.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>A PostgreSQL server.</summary>
    public const string Postgres = "postgres";

    /// <summary><see cref="Sqlite"/> or <see cref="Postgres"/>.</summary>
    public string Provider { get; init; } = Sqlite;

    /// <summary>
    /// For SQLite the path of a file or a connection string; for PostgreSQL a connection string, whose Maximum Pool Size
    /// (default: 16, at least 8) is the total of the silo. It may hold a password: never log it.
    /// </summary>
    public string ConnectionString { get; init; } = "";
}
