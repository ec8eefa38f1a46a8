namespace OrleansCache.Client;

/// <summary>
/// How many lookups a client has under way. Sent all at once, a crowd would make every call slower than its budget, be asked again
/// elsewhere and make those slower too, until nobody is answered. So:
/// 1. only so many lookups are on their way at a time; the next ones wait here, where they cost nothing, in the order in which they came;
/// 2. one that would wait so long that no attempt would have its budget before its deadline any more is refused;
/// 3. when too many wait, a further one is refused at once;
/// 4. while the cluster is slow there are fewer places (<see cref="AdaptiveConcurrencyLimit"/>).
/// </summary>
internal sealed class LookupAdmission : IDisposable
{
    private readonly CacheClientOptions _settings;
    private readonly TimeProvider _time;
    private readonly AdaptiveConcurrencyLimit _limit;
    private readonly int _most;
    private readonly SemaphoreSlim _free;
    private readonly Lock _gate = new();
    private int _waiting;
    private int _closed;

    public LookupAdmission(CacheClientOptions settings, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        _most = settings.MaxLookupsInFlight;
        _limit = new(_most, settings.AttemptBudget, time);
        _free = new(_most);
    }

    /// <summary>How many lookups may be under way at present.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
                return _limit.Size;
        }
    }

    /// <summary>Takes a place, which is to be given back with <see cref="Leave"/>.</summary>
    /// <param name="key">The book that is looked up.</param>
    /// <param name="waited">How long the caller has waited already.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LookupRefusedException">There is none in time.</exception>
    public async ValueTask EnterAsync(string key, TimeSpan waited, CancellationToken cancellation)
    {
        if (_free.Wait(0, CancellationToken.None))
            return;
        try
        {
            if (Interlocked.Increment(ref _waiting) > _settings.MaxLookupsWaiting)
                throw Refused(key, $"{_settings.MaxLookupsWaiting:N0} more wait for their turn (MaxLookupsWaiting)");
            await WaitAsync(key, waited, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Gives a place back.</summary>
    /// <param name="wasSlow">Whether what it was used for took as long as attempts that come to nothing; null when it says nothing of the cluster.</param>
    public void Leave(bool? wasSlow)
    {
        lock (_gate)
        {
            if (wasSlow is { } slow)
                _limit.Note(slow);
            Return();
        }
    }

    public void Dispose() => _free.Dispose();

    private void Return()
    {
        var close = _most - _limit.Size;
        var freed = 1 + _closed - close;
        _closed = Math.Min(_closed + 1, close);
        if (freed > 0)
            _free.Release(freed);
        // Those that are in use are closed when they are given back.
        while (_closed < close && _free.Wait(0, CancellationToken.None))
            _closed++;
    }

    private async Task WaitAsync(string key, TimeSpan waited, CancellationToken cancellation)
    {
        var patience = TimeSpan.FromTicks(Math.Max(0, (_settings.Deadline - _settings.AttemptBudget - waited).Ticks));
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
            Leave(null);
            throw Late();
        }

        LookupRefusedException Late() => Refused(key, $"it had no turn within {patience.TotalMilliseconds:N0} ms");
    }

    private LookupRefusedException Refused(string key, string why) =>
        new($"The lookup of \"{key}\" was refused: {Open:N0} lookups of this client may be under way (MaxLookupsInFlight is {_most:N0}; fewer while the cluster is slow), and {why}. Ask again later, or ask less at once.");
}
