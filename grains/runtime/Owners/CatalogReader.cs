using System.Diagnostics;
using OrleansCache.Catalogs;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Telemetry;

namespace OrleansCache.Owners;

/// <summary>
/// Reads the catalog for all owners of a silo. Reads that arrive while a query is running share the next one, so the busier the silo is,
/// the larger its queries are; an idle silo does not delay a read. Reads for renewals are gathered for a moment first, since no caller
/// waits for them: the owners of the slots issue them one after the other, and each would cause a query of its own. A query has only some
/// of them, so that lookups do not wait for all.
/// </summary>
internal sealed class CatalogReader(ICatalog catalog, Clock clock, SiloCounters counters) : IAsyncDisposable
{
    private const int MaxWaiting = 65_536;
    private const int MaxKeysPerQuery = 1_000;
    private const int MaxRenewalsPerQuery = 250;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<Request> _waiting = new();
    private readonly Queue<Request> _gathered = new();
    private readonly Queue<Request> _renewing = new();
    private Task? _work;
    private Task? _gathering;

    /// <summary>Whether the last query has failed; none has at first.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The reads that wait for the next query.</summary>
    internal int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count + _gathered.Count + _renewing.Count;
        }
    }

    /// <summary>Reads a row with a query that begins after this call.</summary>
    /// <param name="key">The book's key.</param>
    /// <param name="renews">Whether the read is for the renewal of a lease and not for a lookup; those are counted apart.</param>
    /// <exception cref="CatalogUnavailableException">The catalog cannot be read, or too many reads are waiting.</exception>
    public Task<CatalogRow> ReadAsync(string key, bool renews = false)
    {
        var request = new Request(key, renews);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            if (_waiting.Count + _gathered.Count + _renewing.Count >= MaxWaiting)
                {
                throw new CatalogUnavailableException(
                    $"{MaxWaiting:N0} reads of the catalog are waiting already; \"{key}\" is not read now. Try again later.");
            }

            if (renews)
            {
                _renewing.Enqueue(request);
                _gathering ??= Task.Run(GatherAsync);
            }
            else
            {
                _waiting.Enqueue(request);
                _work ??= Task.Run(WorkAsync);
            }
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
        Task? gathering;
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
                return;
            _stopping.Cancel();
            gathering = _gathering;
        }

        if (gathering is not null)
            await gathering;
        Task? work;
        lock (_gate)
            work = _work;
        if (work is not null)
            await work;
        _stopping.Dispose();
    }

    private async Task GatherAsync()
    {
        await Task.Delay(OwnerTimeouts.RenewalGathering, clock.TimeProvider, _stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _gathering = null;
            while (_renewing.TryDequeue(out var request))
                _gathered.Enqueue(request);
            if (_gathered.Count > 0)
                _work ??= Task.Run(WorkAsync);
        }
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
                var renewals = batch.Count(request => request.Renews);
                counters.CountCatalogQuery(keys.Length - renewals, renewals);
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
            if (_waiting.Count + _gathered.Count == 0)
            {
                _work = null;
                return null;
            }

            var renewals = Math.Min(_gathered.Count, MaxRenewalsPerQuery);
            var batch = new List<Request>(renewals + Math.Min(_waiting.Count, MaxKeysPerQuery - renewals));
            while (batch.Count < renewals)
                batch.Add(_gathered.Dequeue());
            while (batch.Count < MaxKeysPerQuery && _waiting.TryDequeue(out var request))
                batch.Add(request);
            return batch;
        }
    }

    private sealed class Request(string key, bool renews)
        : TaskCompletionSource<CatalogRow>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public string Key { get; } = key;

        public bool Renews { get; } = renews;
    }
}
