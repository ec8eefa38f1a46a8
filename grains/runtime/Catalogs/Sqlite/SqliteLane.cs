using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace OrleansCache.Catalogs;

/// <summary>A bounded pool of connections to a file, opened on demand, and the queue of work for them.</summary>
internal sealed class SqliteLane(SqliteFile file, int width, bool writes) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(width, width);
    private readonly ConcurrentBag<SqliteWorker> _idle = [];
    private volatile bool _closed;

    /// <summary>Runs work on one of the connections.</summary>
    /// <param name="attempt">What is being tried, for the message of a failure: "read", "written".</param>
    /// <param name="work">The work; a transaction that it leaves open by failing is rolled back.</param>
    /// <param name="cancellation">Ends the wait, and interrupts a running statement.</param>
    public async Task<T> RunAsync<T>(string attempt, Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteCatalog));
            if (!_idle.TryTake(out var worker))
                worker = new(file, writes);
            try
            {
                return await worker.RunAsync(attempt, work, cancellation).ConfigureAwait(false);
            }
            finally
            {
                _idle.Add(worker);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for running work, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var taken = 0; taken < width; taken++)
            await _free.WaitAsync().ConfigureAwait(false);
        while (_idle.TryTake(out var worker))
            await worker.DisposeAsync().ConfigureAwait(false);

        // Later callers fail instead of waiting forever.
        _free.Release(width);
    }
}
