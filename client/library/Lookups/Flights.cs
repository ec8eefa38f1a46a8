namespace OrleansCache.Client;

/// <summary>
/// Single flight: callers that look for the same book at the same time share one lookup.
/// 1. Whoever finds none under way begins one; a lookup ends early only when all its callers have given up.
/// 2. A caller that came after the lookup began may be answered from it only under a lease that is valid then: the answer is of a moment that
///    may lie before the caller came, and an edit in between was acknowledged to somebody.
/// 3. Otherwise it needs a lookup that began after it came; those who came meanwhile share that one again, by right.
/// </summary>
internal sealed class Flights(NearCache near, SeenVersions seen, CacheClientOptions settings, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FlightKey, Flight> _underWay = [];
    private readonly HashSet<Task> _running = [];
    private long _number;

    /// <summary>The number of the latest lookup that has begun.</summary>
    public long Number
    {
        get
        {
            lock (_gate)
                return _number;
        }
    }

    /// <summary>Takes part in a lookup, or begins one.</summary>
    /// <param name="key">The book and what is asked.</param>
    /// <param name="read">Looks it up, given how long the caller has waited and what gives up.</param>
    /// <param name="cancellation">Gives this caller up.</param>
    public async ValueTask<LookupResult> ReadAsync(FlightKey key, Func<TimeSpan, CancellationToken, ValueTask<Given>> read, CancellationToken cancellation)
    {
        var (came, began) = (Number, time.GetTimestamp());
        while (true)
        {
            var (flight, isMine) = Join(key, read, time.GetElapsedTime(began));
            Given given;
            try
            {
                given = await flight.End.WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception) when (flight.Number <= came && !cancellation.IsCancellationRequested && settings.Deadline - time.GetElapsedTime(began) >= settings.AttemptBudget)
            {
                // It was somebody else's, who had less time left.
                continue;
            }
            finally
            {
                Leave(flight);
            }

            // From here to the answer there is no await: what is looked at must still be so when the answer is given.
            if (isMine)
                return given.Result;
            if (flight.Number > came || (near.IsValid(key.Book, given.Right) && given.Version >= seen.Of(key.Book)))
                return given.Result with { Elapsed = time.GetElapsedTime(began) };
        }
    }

    /// <summary>Waits for the lookups that are under way; no longer than a lookup may take.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_gate)
            running = [.. _running];
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private (Flight Flight, bool IsMine) Join(FlightKey key, Func<TimeSpan, CancellationToken, ValueTask<Given>> read, TimeSpan waited)
    {
        Flight flight;
        lock (_gate)
        {
            if (_underWay.TryGetValue(key, out var other))
            {
                other.Callers++;
                return (other, false);
            }

            _underWay[key] = flight = new(key, ++_number);
        }

        var running = RunAsync(flight, read, waited);
        if (!running.IsCompleted)
        {
            lock (_gate)
                _running.Add(running);
            _ = running.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return (flight, true);
    }

    private async Task RunAsync(Flight flight, Func<TimeSpan, CancellationToken, ValueTask<Given>> read, TimeSpan waited)
    {
        try
        {
            var given = await read(waited, flight.GivenUp.Token).ConfigureAwait(false);
            Remove(flight);
            flight.Succeed(given);
        }
        catch (Exception error)
        {
            Remove(flight);
            flight.Fail(error);
        }
        finally
        {
            flight.GivenUp.Dispose();
        }
    }

    private void Leave(Flight flight)
    {
        lock (_gate)
        {
            if (--flight.Callers > 0 || flight.End.IsCompleted)
                return;
            RemoveLocked(flight);
        }

        try
        {
            flight.GivenUp.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself meanwhile.
        }
    }

    private void Remove(Flight flight)
    {
        lock (_gate)
            RemoveLocked(flight);
    }

    private void RemoveLocked(Flight flight)
    {
        if (_underWay.TryGetValue(flight.Key, out var current) && current == flight)
            _underWay.Remove(flight.Key);
    }

    private void Forget(Task running)
    {
        lock (_gate)
            _running.Remove(running);
    }
}
