using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace OrleansCache.Catalogs;

/// <summary>
/// A connection to a file, and its thread. Calls of SQLite block while the disk works or another process holds a lock; on the thread pool,
/// which starts with one thread per core, they would delay lookups that do not need the catalog.
/// </summary>
internal sealed class SqliteWorker : IAsyncDisposable
{
    private readonly SqliteFile _file;
    private readonly bool _writes;
    private readonly BlockingCollection<Task> _work = new(boundedCapacity: 1);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteConnection? _connection;

    /// <summary>Starts the thread; the file is opened for the first work.</summary>
    public SqliteWorker(SqliteFile file, bool writes)
    {
        (_file, _writes) = (file, writes);
        new Thread(Work) { IsBackground = true, Name = "Catalog" }.UnsafeStart();
    }

    /// <summary>Runs work on the thread, one item at a time.</summary>
    /// <param name="attempt">What is being tried, for the message of a failure: "read", "written".</param>
    /// <param name="work">The work; a transaction that it leaves open by failing is rolled back.</param>
    /// <param name="cancellation">Interrupts a running statement.</param>
    public Task<T> RunAsync<T>(string attempt, Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        var task = new Task<T>(() => Run(attempt, work, cancellation), TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(task, CancellationToken.None);
        return task;
    }

    /// <summary>Waits for running work, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _work.CompleteAdding();
        await _ended.Task.ConfigureAwait(false);
        _work.Dispose();
    }

    private void Work()
    {
        foreach (var task in _work.GetConsumingEnumerable())
            task.RunSynchronously(TaskScheduler.Default);
        _connection?.Dispose();
        _ended.SetResult();
    }

    private T Run<T>(string attempt, Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        var connection = _connection;
        _connection = null;
        try
        {
            cancellation.ThrowIfCancellationRequested();
            connection ??= _file.Open(create: false, _writes);
            T result;
            using (cancellation.UnsafeRegister(static opened => sqlite3_interrupt(((SqliteConnection)opened!).Handle), connection))
                result = work(connection);
            _connection = connection;
            return result;
        }
        catch (SqliteException error) when (error.SqliteErrorCode == SQLITE_INTERRUPT && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (SqliteException error)
        {
            throw _file.Failure(attempt, error);
        }
        finally
        {
            // A connection that failed is not used again: closing it rolls its transaction back.
            if (_connection is null)
                connection?.Dispose();
        }
    }
}
