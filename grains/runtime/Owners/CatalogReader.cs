using System.Diagnostics;
using OrleansCache.Catalogs;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Telemetry;

namespace OrleansCache.Owners;

/// <summary>
/// Reads the catalog for all owners of a silo. Reads that arrive while a query is running share the next one, so the busier the silo is,
/// the larger its queries are; an idle silo does not delay a read.
/// </summary>
internal sealed class CatalogReader(ICatalog catalog, Clock clock, SiloCounters counters) : IAsyncDisposable
{
    private const int MaxWaiting = 65_536;
    private const int MaxKeysPerQuery = 1_000;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<Request> _waiting = new();
    private Task? _work;

    /// <summary>Whether the last query has failed; none has at first.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The reads that wait for the next query.</summary>
    internal int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Reads a row with a query that begins after this call.</summary>
    /// <param name="key">The book's key.</param>
    /// <exception cref="CatalogUnavailableException">The catalog cannot be read, or too many reads are waiting.</exception>
    public Task<CatalogRow> ReadAsync(string key)
    {
        var request = new Request(key);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            if (_waiting.Count >= MaxWaiting)
            {
                throw new CatalogUnavailableException(
                    $"{MaxWaiting:N0} reads of the catalog are waiting already; \"{key}\" is not read now. Try again later.");
            }

            _waiting.Enqueue(request);
            _work ??= Task.Run(WorkAsync);
        }

        return Tracing.Source.HasListeners() ? TraceAsync(request.Task) : request.Task;
    }

    private static async Task<CatalogRow> TraceAsync(Task<CatalogRow> read)
    {
        using var activity = Tracing.Source.StartActivity("catalog read", ActivityKind.Client);
        return await read;
    }

    /// <summary>Reads rows with a query of their own, without waiting for others.</summary>
    /// <exception cref="CatalogUnavailableException">The catalog cannot be read.</exception>
    public Task<CachedRow[]> ReadAtOnceAsync(string[] keys, CancellationToken cancellation)
    {
        counters.CountCatalogQuery(keys.Length);
        return catalog.ReadAsync(keys, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Task? work;
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
                return;
            _stopping.Cancel();
            work = _work;
        }

        if (work is not null)
            await work;
        _stopping.Dispose();
    }

    private async Task WorkAsync()
    {
        while (Take() is { } batch)
        {
            var startedAt = clock.Now;
            var began = clock.TimeProvider.GetTimestamp();
            try
            {
                string[] keys = [.. batch.Select(request => request.Key)];
                counters.CountCatalogQuery(keys.Length);
                var rows = await catalog.ReadAsync(keys, _stopping.Token);
                HasFailed = false;
                counters.CountQueryTime(clock.TimeProvider.GetElapsedTime(began), hasFailed: false);
                for (var i = 0; i < batch.Count; i++)
                    batch[i].SetResult(new(rows[i], startedAt));
            }
            catch (Exception error)
            {
                HasFailed = true;
                counters.CountQueryTime(clock.TimeProvider.GetElapsedTime(began), hasFailed: true);
                var unavailable = error as CatalogUnavailableException
                    ?? new CatalogUnavailableException($"The catalog could not be read: {error.Message}", error);
                foreach (var request in batch)
                    request.TrySetException(unavailable);
            }
        }
    }

    private List<Request>? Take()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _work = null;
                return null;
            }

            var batch = new List<Request>(Math.Min(_waiting.Count, MaxKeysPerQuery));
            while (batch.Count < MaxKeysPerQuery && _waiting.TryDequeue(out var request))
                batch.Add(request);
            return batch;
        }
    }

    private sealed class Request(string key) : TaskCompletionSource<CatalogRow>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public string Key => key;
    }
}
