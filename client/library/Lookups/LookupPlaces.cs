namespace OrleansCache.Client;

/// <summary>
/// How many lookups a client has under way. Sent all at once, a crowd would make every call slower than its budget, be asked again
/// elsewhere and make those slower too, until nobody is answered. So:
/// 1. only so many lookups are on their way at a time; the next ones wait here, where they cost nothing, in the order in which they came;
/// 2. one that would wait so long that no attempt would fit before its deadline any more is refused;
/// 3. when too many wait, a further one is refused at once;
/// 4. while the cluster is slow there are fewer places (<see cref="CongestionWindow"/>).
/// </summary>
internal sealed class LookupPlaces : IDisposable
{
    private readonly BookCacheOptions _settings;
    private readonly TimeProvider _time;
    private readonly CongestionWindow _window;
    private readonly SemaphoreSlim _free;
    private readonly Lock _gate = new();
    private int _waiting;
    private int _closed;

    public LookupPlaces(BookCacheOptions settings, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        _window = new(settings.MaxLookupsInFlight, settings.AttemptBudget, time);
        _free = new(settings.MaxLookupsInFlight);
    }

    /// <summary>How many lookups may be under way at present.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
                return _window.Size;
        }
    }

    /// <summary>Takes a place, which is to be given back with <see cref="Leave()"/>.</summary>
    /// <exception cref="LookupRefusedException">There is none in time.</exception>
    public async ValueTask EnterAsync(string key, CancellationToken cancellation)
    {
        if (_free.Wait(0, CancellationToken.None))
            return;
        try
        {
            if (Interlocked.Increment(ref _waiting) > _settings.MaxLookupsWaiting)
                throw Refused(key, $"{_settings.MaxLookupsWaiting:N0} more wait for their turn (MaxLookupsWaiting)");
            await WaitAsync(key, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Gives a place back.</summary>
    /// <param name="took">How long it was needed.</param>
    /// <param name="allowed">How long it might have been.</param>
    public void Leave(TimeSpan took, TimeSpan allowed)
    {
        lock (_gate)
        {
            _window.Note(took, allowed);
            Return();
        }
    }

    /// <summary>Gives back a place whose use says nothing of the cluster.</summary>
    public void Leave()
    {
        lock (_gate)
            Return();
    }

    public void Dispose() => _free.Dispose();

    private void Return()
    {
        var close = _settings.MaxLookupsInFlight - _window.Size;
        var freed = 1 + _closed - close;
        _closed = Math.Min(_closed + 1, close);
        if (freed > 0)
            _free.Release(freed);
        // Those that are in use are closed when they are given back.
        while (_closed < close && _free.Wait(0, CancellationToken.None))
            _closed++;
    }

    private async Task WaitAsync(string key, CancellationToken cancellation)
    {
        var patience = _settings.Deadline - _settings.AttemptBudget;
        var began = _time.GetTimestamp();
        using var due = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, cancellation);
        try
        {
            await _free.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Late();
        }

        // On a starved machine the word that a place is free may come late itself.
        if (_time.GetElapsedTime(began) > patience)
        {
            Leave();
            throw Late();
        }

        LookupRefusedException Late() => Refused(key, $"it had no turn within {patience.TotalMilliseconds:N0} ms");
    }

    private LookupRefusedException Refused(string key, string why) =>
        new($"The lookup of \"{key}\" was refused: {Open:N0} lookups of this client are under way (MaxLookupsInFlight is {_settings.MaxLookupsInFlight:N0}; there are fewer while the cluster is slow), and {why}. Ask again later, or ask less at once.");
}
