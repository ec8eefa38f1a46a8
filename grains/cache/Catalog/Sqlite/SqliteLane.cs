using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace OrleansCache.Catalog;

/// <summary>
/// Some connections to a file and the work that waits for them. SQLite's calls block, so the work runs on the thread
/// pool, never on the thread of the grain that asks, and never on more threads than the lane has connections.
/// </summary>
internal sealed class SqliteLane(SqliteFile file, int width, bool writes) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(width, width);
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private volatile bool _closed;

    /// <summary>Runs work on a connection of its own.</summary>
    /// <param name="attempt">What is being tried, for the message of a failure: "read", "written".</param>
    /// <param name="work">The work; a transaction that it leaves open by failing is rolled back.</param>
    /// <param name="cancellation">Ends the wait, and interrupts a statement that runs.</param>
    public async Task<T> RunAsync<T>(string attempt, Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteCatalog));
            return await Task.Run(() => Run(attempt, work, cancellation), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the work that runs, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var taken = 0; taken < width; taken++)
            await _free.WaitAsync().ConfigureAwait(false);
        while (_idle.TryTake(out var connection))
            await connection.DisposeAsync().ConfigureAwait(false);

        // Whoever still comes finds the lane closed instead of waiting for ever.
        _free.Release(width);
    }

    private T Run<T>(string attempt, Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        SqliteConnection? connection = null;
        try
        {
            cancellation.ThrowIfCancellationRequested();
            if (!_idle.TryTake(out connection))
                connection = file.Open(create: false, writes);
            T result;
            using (cancellation.UnsafeRegister(static opened => sqlite3_interrupt(((SqliteConnection)opened!).Handle), connection))
                result = work(connection);
            _idle.Add(connection);
            connection = null;
            return result;
        }
        catch (SqliteException error) when (error.SqliteErrorCode == SQLITE_INTERRUPT && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (SqliteException error)
        {
            throw file.Failure(attempt, error);
        }
        finally
        {
            // One that failed is not used again: closing it rolls back what it had begun.
            connection?.Dispose();
        }
    }
}
