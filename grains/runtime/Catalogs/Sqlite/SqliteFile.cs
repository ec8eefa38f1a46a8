using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace OrleansCache.Catalogs;

/// <summary>The file of a SQLite catalog: how it is opened, and what its errors mean.</summary>
internal sealed class SqliteFile
{
    private const int UsualLockSeconds = 5;

    private readonly string _existing;
    private readonly string _created;
    private readonly int _lockSeconds;

    /// <exception cref="ArgumentException">The text names no file.</exception>
    public SqliteFile(string pathOrConnectionString)
    {
        var connection = Parse(pathOrConnectionString);
        var source = connection.DataSource;
        if (string.IsNullOrWhiteSpace(source))
            throw new ArgumentException("The catalog has no file; give its path, such as data/catalog.db.");
        if (source.StartsWith(':') || source.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            || connection.Mode == SqliteOpenMode.Memory)
            throw new ArgumentException($"The catalog cannot be kept in \"{source}\": its connections share a file; give the path of one.");
        Path = System.IO.Path.GetFullPath(source);
        connection.DataSource = Path;
        if (!connection.ShouldSerialize("Default Timeout"))
            connection.DefaultTimeout = UsualLockSeconds;

        // The catalog has its own connections: those of a shared pool may have other settings.
        connection.Pooling = false;
        _lockSeconds = connection.DefaultTimeout;
        connection.Mode = SqliteOpenMode.ReadWrite;
        _existing = connection.ConnectionString;
        connection.Mode = SqliteOpenMode.ReadWriteCreate;
        _created = connection.ConnectionString;
    }

    public string Path { get; }

    /// <summary>
    /// Opens a connection. A missing file is created only with <paramref name="create"/>: otherwise a lost catalog would become an empty
    /// one.
    /// </summary>
    public SqliteConnection Open(bool create, bool write)
    {
        var opened = new SqliteConnection(create ? _created : _existing);
        try
        {
            opened.Open();

            // A lock of another process is awaited in short steps, so that cancellation takes effect. Another process that begins on the
            // same file may hold one even now.
            opened.Run("PRAGMA busy_timeout = 100");
            opened.RunWhenFree($"PRAGMA synchronous = FULL; PRAGMA query_only = {(write ? "OFF" : "ON")};", CancellationToken.None);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Commits. When the disk fails during a commit, its outcome is unknown: the log decides when the file is opened again.
    /// </summary>
    public void Commit(SqliteConnection connection)
    {
        try
        {
            connection.Run("COMMIT");
        }
        catch (SqliteException error) when (error.SqliteErrorCode == SQLITE_IOERR)
        {
            throw new OutcomeUnknownException(
                $"The disk of the catalog {Path} failed while it was written: the change may have been made or not. "
                + $"Look after the disk and make it again, which is safe. {Cause(error)}");
        }
    }

    // Exceptions of the database library are not serializable between silos, so their text becomes part of the message.
    public CatalogUnavailableException Failure(string attempt, SqliteException error) =>
        new($"The catalog {Path} cannot be {attempt}: {Cause(error)}");

    private string Cause(SqliteException error) => error.SqliteErrorCode switch
    {
        SQLITE_NOTADB => "it is not a SQLite database. Name another file, or move this one away.",
        SQLITE_CANTOPEN => "the file is not there or may not be opened. Check the path and the rights on it and on its folder.",
        SQLITE_BUSY or SQLITE_LOCKED => $"another process has kept it locked for {_lockSeconds} s. Close that process, or try again later.",
        SQLITE_READONLY => "this process may only read it. Check the rights on it and on its folder.",
        SQLITE_FULL => "the disk is full.",
        SQLITE_CORRUPT => $"it is damaged ({error.Message}). Restore it from a backup.",
        SQLITE_ERROR when error.Message.Contains("no such table", StringComparison.Ordinal) =>
            "it has no tables of a catalog. Initialize it first.",
        _ => error.Message,
    };

    private static SqliteConnectionStringBuilder Parse(string text)
    {
        // A path may hold an equals sign too; only what names a known keyword is a connection string.
        if (text.Contains('='))
        {
            try
            {
                return new SqliteConnectionStringBuilder(text);
            }
            catch (ArgumentException) when (!text.Contains("Data Source", StringComparison.OrdinalIgnoreCase))
            {
                return new SqliteConnectionStringBuilder { DataSource = text };
            }
        }

        return new SqliteConnectionStringBuilder { DataSource = text };
    }
}
