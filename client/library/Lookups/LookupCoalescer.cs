namespace OrleansCache.Client;

/// <summary>
/// Single flight: callers who look up the same key at the same time share one lookup.
/// 1. A caller who finds none in flight starts one. It is cancelled only when all its callers have given up.
/// 2. A caller who asked after the lookup had begun may share its answer only under a lease that is valid at the end: the answer may date
///    from before the caller asked, and an edit in between may already have been acknowledged to somebody.
/// 3. Without such a lease the caller joins or starts a lookup that began after it asked, and may have that answer in any case.
/// </summary>
internal sealed class LookupCoalescer(LookupReader reader, ClientSession session, ClientMetrics metrics) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(CacheKey Key, GetOptions Options), InFlightLookup> _inFlight = [];
    private readonly HashSet<Task> _running = [];
    private long _started;

    /// <summary>Joins a lookup, or starts one.</summary>
    public async ValueTask<LookupReading> GetAsync(
        CacheKey key, GetOptions options, LookupDeadline deadline, CancellationToken cancellation)
    {
        long startedBefore;
        lock (_gate)
            startedBefore = _started;
        while (true)
        {
            var isOwn = !TryJoin(key, options, out var lookup);
            if (isOwn)
                Run(lookup, deadline);
            else
                metrics.Coalesced();
            LookupReading read;
            try
            {
                read = await lookup.End.WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception) when (
                lookup.Number <= startedBefore && !cancellation.IsCancellationRequested && deadline.Remaining > TimeSpan.Zero)
            {
                // The lookup of a caller who asked earlier, and had less time left, has failed.
                continue;
            }
            finally
            {
                Leave(lookup);
            }

            // No await from here on: what is checked must still be true when the answer is given.
            if (isOwn || read.Result is null)
                return read;
            if (lookup.Number > startedBefore || session.CanShare(key, read.Lease))
                return read with { Result = read.Result.WithElapsed(deadline.Elapsed) };
        }
    }

    /// <summary>Whether such a lookup is in flight, which a further caller may join at no cost.</summary>
    public bool IsInFlight(CacheKey key, GetOptions options)
    {
        lock (_gate)
            return _inFlight.ContainsKey((key, options));
    }

    /// <summary>Waits for the lookups in flight, none of which takes longer than its deadline.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_gate)
            running = [.. _running];
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    /// <summary>Joins the lookup in flight. If there is none, returns false and a new lookup that the caller must run.</summary>
    private bool TryJoin(CacheKey key, GetOptions options, out InFlightLookup lookup)
    {
        lock (_gate)
        {
            if (_inFlight.TryGetValue((key, options), out var other))
            {
                other.Callers++;
                lookup = other;
                return true;
            }

            _inFlight[(key, options)] = lookup = new(key, options, ++_started);
            return false;
        }
    }

    private void Run(InFlightLookup lookup, LookupDeadline deadline)
    {
        var running = RunAsync(lookup, deadline);
        if (running.IsCompleted)
            return;
        lock (_gate)
            _running.Add(running);
        _ = running.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task RunAsync(InFlightLookup lookup, LookupDeadline deadline)
    {
        try
        {
            var read = await reader.ReadAsync(lookup.Key, lookup.Options, deadline, lookup.Abandoned.Token).ConfigureAwait(false);
            Remove(lookup);
            lookup.Succeed(read);
        }
        catch (Exception error)
        {
            Remove(lookup);
            lookup.Fail(error);
        }
        finally
        {
            lookup.Abandoned.Dispose();
        }
    }

    private void Leave(InFlightLookup lookup)
    {
        lock (_gate)
        {
            if (--lookup.Callers > 0 || lookup.End.IsCompleted)
                return;
            RemoveLocked(lookup);
        }

        try
        {
            lookup.Abandoned.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The lookup has ended in the meantime.
        }
    }

    private void Remove(InFlightLookup lookup)
    {
        lock (_gate)
            RemoveLocked(lookup);
    }

    private void RemoveLocked(InFlightLookup lookup)
    {
        // An abandoned lookup may have a successor already.
        if (_inFlight.TryGetValue((lookup.Key, lookup.Options), out var current) && current == lookup)
            _inFlight.Remove((lookup.Key, lookup.Options));
    }

    private void Forget(Task running)
    {
        lock (_gate)
            _running.Remove(running);
    }

    /// <param name="key">The key that is looked up.</param>
    /// <param name="options">What its callers have in common.</param>
    /// <param name="number">Counts lookups in the order in which they began.</param>
    private sealed class InFlightLookup(CacheKey key, GetOptions options, long number)
    {
        private readonly TaskCompletionSource<LookupReading> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CacheKey Key => key;

        public GetOptions Options => options;

        public long Number => number;

        /// <summary>The callers who wait for it; guarded by the coalescer's lock.</summary>
        public int Callers { get; set; } = 1;

        /// <summary>Cancelled when no caller waits any more.</summary>
        public CancellationTokenSource Abandoned { get; } = new();

        public Task<LookupReading> End => _end.Task;

        public void Succeed(LookupReading read) => _end.SetResult(read);

        public void Fail(Exception error)
        {
            _end.SetException(error);
            // Observed here, because all callers may have left.
            _ = _end.Task.Exception;
        }
    }
}
