using System.Diagnostics;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace OrleansCache.Catalogs;

/// <summary>Commands on a connection.</summary>
internal static class SqliteCommands
{
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(1);

    public static SqliteCommand Command(
        this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    /// <summary>Runs statements without parameters.</summary>
    public static void Run(this SqliteConnection connection, string sql) =>
        SqliteException.ThrowExceptionForRC(sqlite3_exec(connection.Handle, sql), connection.Handle);

    public static T Scalar<T>(this SqliteConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        return (T)command.ExecuteScalar()!;
    }

    /// <summary>Runs a statement that needs a lock which another process may hold; a cancelled caller does not wait for the lock.</summary>
    public static void RunWhenFree(this SqliteConnection connection, string sql, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        int code;
        while ((code = sqlite3_exec(connection.Handle, sql)) == SQLITE_BUSY
            && Stopwatch.GetElapsedTime(started).TotalSeconds < connection.DefaultTimeout)
        {
            cancellation.ThrowIfCancellationRequested();
            // Some locks are not waited for by SQLite itself, as those of a change of the journal mode.
            Thread.Sleep(LockPause);
        }

        SqliteException.ThrowExceptionForRC(code, connection.Handle);
    }
}
