using OrleansCache.Catalogs;
using OrleansCache.Entries;
using OrleansCache.Timing;

namespace OrleansCache.Owners;

/// <summary>
/// Reads that wait for the catalog, and the queries that answer them. Reads that arrive while a query is running share the next one, so the
/// busier the silo is, the larger its queries are; an idle silo does not delay a read. A query that hangs keeps nobody waiting for long:
/// <list type="number">
/// <item>When it has taken <see cref="OwnerTimeouts.NextQuery"/>, the reads that have arrived meanwhile get the next query, beside
/// it.</item>
/// <item>After half the budget its own reads go into the next query, too; the first answer counts.</item>
/// <item>Before the budget has passed, it is given up: cancelled, but not waited for, since a backend that hangs does not react.</item>
/// </list>
/// </summary>
/// <param name="catalog">The catalog.</param>
/// <param name="log">Records the queries.</param>
/// <param name="clock">The time.</param>
/// <param name="budget">How long those who read wait.</param>
/// <param name="mostQueries">The most queries at a time, those not counted that were given up.</param>
internal sealed class ReadQueue(ICatalog catalog, QueryLog log, Clock clock, TimeSpan budget, int mostQueries) : IAsyncDisposable
{
    private const int MaxWaiting = 65_536;
    private const int MaxKeysPerQuery = 1_000;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<Request> _waiting = new();
    private readonly Queue<Request> _repeated = new();
    private readonly HashSet<Task> _queries = [];
    private int _running;
    private bool _isPrompt;
    private bool _isStopping;

    /// <summary>The time after which a read is repeated.</summary>
    public TimeSpan Patience => budget / 2;

    /// <summary>The reads that wait for the next query.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count + _repeated.Count;
        }
    }

    /// <summary>Reads rows with a query that begins after this call.</summary>
    /// <returns>The row of each key in the same order; each fails with a <see cref="CatalogUnavailableException"/>.</returns>
    /// <exception cref="CatalogUnavailableException">Too many reads are waiting.</exception>
    public Task<CatalogRow>[] Read(params ReadOnlySpan<string> keys)
    {
        var rows = new Task<CatalogRow>[keys.Length];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isStopping, typeof(CatalogReader));
            if (_waiting.Count + _repeated.Count + keys.Length > MaxWaiting)
            {
                throw new CatalogUnavailableException(
                    $"{MaxWaiting:N0} reads of the catalog are waiting already; \"{keys[0]}\" is not read now. Try again later.");
            }

            for (var i = 0; i < keys.Length; i++)
            {
                var request = new Request(keys[i], clock.Now);
                _waiting.Enqueue(request);
                rows[i] = request.Task;
            }

            StartNext();
        }

        return rows;
    }

    /// <summary>Fails what waits. A query that does not react to its cancellation is not waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] queries;
        lock (_gate)
        {
            if (_isStopping)
                return;
            _isStopping = true;
            Fail(_waiting, new CatalogUnavailableException("The silo is stopping; ask another one."));
            Fail(_repeated, new CatalogUnavailableException("The silo is stopping; ask another one."));
            _waiting.Clear();
            _repeated.Clear();
            queries = [.. _queries];
        }

        await _stopping.CancelAsync();
        await Task.WhenAll(queries);
    }

    /// <summary>Starts a query if reads wait and none is running that they should wait for. Under the lock.</summary>
    private void StartNext()
    {
        if (_isPrompt || _running == mostQueries || Take() is not { Count: > 0 } batch)
            return;
        _isPrompt = true;
        _running++;
        _queries.RemoveWhere(query => query.IsCompleted);
        _queries.Add(Task.Run(() => RunAsync(batch)));
    }

    private async Task RunAsync(List<Request> batch)
    {
        var startedAt = clock.Now;
        var began = clock.TimeProvider.GetTimestamp();
        var giveUp = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var number = log.Began(batch.Count);
        var query = QueryAsync(batch, giveUp.Token);

        var next = OwnerTimeouts.NextQuery < budget / 4 ? OwnerTimeouts.NextQuery : budget / 4;
        await EndAsync(query, next);
        var isPrompt = query.IsCompleted;
        if (!isPrompt)
        {
            Overtake();
            await EndAsync(query, Patience - next);
        }

        if (!query.IsCompleted)
        {
            Repeat(batch);
            await EndAsync(query, OwnerTimeouts.QueryLimit(budget) - Patience);
        }

        var elapsed = clock.TimeProvider.GetElapsedTime(began);
        log.Ended(number, elapsed, !query.IsCompletedSuccessfully);
        lock (_gate)
        {
            if (query.IsCompletedSuccessfully)
                Answer(batch, query.Result, startedAt);
            else
                Fail(batch, Unavailable(query, elapsed));
            _running--;
            _isPrompt &= !isPrompt;
            StartNext();
        }

        Abandon(query, giveUp);
    }

    // Even a catalog that fails at once gives a task.
    private async Task<CachedRow[]> QueryAsync(List<Request> batch, CancellationToken cancellation) =>
        await catalog.ReadAsync([.. batch.Select(request => request.Key)], cancellation).ConfigureAwait(false);

    private async Task EndAsync(Task query, TimeSpan time) =>
        await query.WaitAsync(time, clock.TimeProvider, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Keeps reads no longer waiting for a query that takes long.</summary>
    private void Overtake()
    {
        lock (_gate)
        {
            _isPrompt = false;
            StartNext();
        }
    }

    /// <summary>Puts reads into the next query that are in one already; each once.</summary>
    private void Repeat(List<Request> batch)
    {
        lock (_gate)
        {
            foreach (var request in batch.Where(request => !request.IsRepeated && !_isStopping))
            {
                request.IsRepeated = true;
                request.Chances++;
                _repeated.Enqueue(request);
            }

            StartNext();
        }
    }

    private static void Answer(List<Request> batch, CachedRow[] rows, long startedAt)
    {
        for (var i = 0; i < batch.Count; i++)
            batch[i].TrySetResult(new(rows[i], startedAt));
    }

    private static void Fail(IEnumerable<Request> requests, CatalogUnavailableException error)
    {
        foreach (var request in requests)
        {
            if (--request.Chances == 0)
                request.TrySetException(error);
        }
    }

    private static CatalogUnavailableException Unavailable(Task query, TimeSpan elapsed) => query.Exception?.InnerException switch
    {
        CatalogUnavailableException unavailable => unavailable,
        { } error => new($"The catalog could not be read: {error.Message}", error),
        null => new($"The catalog did not answer a query within {elapsed.TotalMilliseconds:N0} ms. Check its server and the way to it."),
    };

    /// <summary>
    /// Ends a query. The driver may block while it sends the cancellation through a network that is cut, and the query may end long
    /// after it or never: neither is waited for.
    /// </summary>
    private static void Abandon(Task query, CancellationTokenSource giveUp)
    {
        if (query.IsCompleted)
        {
            giveUp.Dispose();
            return;
        }

        query.ContinueWith(
            ended =>
            {
                _ = ended.Exception;
                giveUp.Dispose();
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
        giveUp.CancelAsync().ObserveError();
    }

    private List<Request> Take()
    {
        var batch = new List<Request>(Math.Min(_waiting.Count + _repeated.Count, MaxKeysPerQuery));
        var tooLate = clock.Now - (long)(2 * budget).TotalMilliseconds;
        while (batch.Count < MaxKeysPerQuery && (_repeated.TryDequeue(out var request) || _waiting.TryDequeue(out request)))
        {
            if (request.Task.IsCompleted)
                continue;
            if (request.Since > tooLate)
                batch.Add(request);
            else
                Fail([request], new($"\"{request.Key}\" was not read within {2 * budget.TotalMilliseconds:N0} ms: the catalog is slow."));
        }

        return batch;
    }

    /// <summary>A read, changed under the lock.</summary>
    private sealed class Request(string key, long since)
        : TaskCompletionSource<CatalogRow>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public string Key => key;

        public long Since => since;

        public bool IsRepeated { get; set; }

        /// <summary>The queries that may still answer it, the next one included.</summary>
        public int Chances { get; set; } = 1;
    }
}
