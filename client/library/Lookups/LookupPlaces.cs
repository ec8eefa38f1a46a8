namespace OrleansCache.Client;

/// <summary>
/// How many lookups a client has under way. Sent all at once, a crowd would make every call slower than its budget, be asked again
/// elsewhere and make those slower too, until nobody is answered. So:
/// 1. only so many lookups are on their way at a time; the next ones wait here, where they cost nothing, in the order in which they came;
/// 2. one that would wait so long that no attempt would fit before its deadline any more is refused;
/// 3. when too many wait, a further one is refused at once;
/// 4. when most lookups of a while were slow, the cluster has more to do than it can, and what was asked in vain is a part of it: half of the places are
///    closed. They open again with the lookups that are not slow, one for each up to half of what was too many, then one for as many as there are places
///    (the additive increase and multiplicative decrease of TCP: V. Jacobson, "Congestion Avoidance and Control", 1988). Where only some are slow, as
///    when one region or the catalog is away, the others would gain nothing from fewer places, and none is closed.
/// </summary>
internal sealed class LookupPlaces : IDisposable
{
    /// <summary>How many places are left open whatever happens, unless there are not so many.</summary>
    public const int Least = 8;

    private readonly BookCacheOptions _settings;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _free;
    private readonly Lock _gate = new();
    private readonly int _most;
    private int _waiting;
    private double _open;
    private double _careful;
    private int _closed;
    private int _ended;
    private int _slow;
    private bool _wereSlow;
    private long _whileBegan;

    public LookupPlaces(BookCacheOptions settings, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        _most = settings.MaxLookupsInFlight;
        _open = _careful = _most;
        _free = new(_most);
        _whileBegan = time.GetTimestamp();
    }

    /// <summary>How many lookups may be under way at present.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
                return (int)_open;
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
            Judge(took, allowed);
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
        var close = _most - (int)_open;
        var freed = 1 + _closed - close;
        _closed = Math.Min(_closed + 1, close);
        if (freed > 0)
            _free.Release(freed);
        // Those that are in use are closed when they are given back.
        while (_closed < close && _free.Wait(0, CancellationToken.None))
            _closed++;
    }

    private void Judge(TimeSpan took, TimeSpan allowed)
    {
        _ended++;
        // Two attempts one after the other have come to nothing, or the only one: where a region is lost, the next one answers sooner.
        if (took >= allowed || took >= 2 * _settings.AttemptBudget)
            _slow++;
        else
            _open = Math.Min(_most, _open + (_open < _careful ? 1 : 1 / _open));
        if (_time.GetElapsedTime(_whileBegan) < _settings.AttemptBudget)
            return;
        var areSlow = 2 * _slow > _ended;
        if (areSlow)
        {
            var half = Math.Min(_most, Math.Max(Least, _open / 2));
            // While they go on being slow, what was asked before still is in the way: it says nothing of how many are too many.
            if (!_wereSlow)
                _careful = half;
            _open = half;
        }

        (_wereSlow, _ended, _slow, _whileBegan) = (areSlow, 0, 0, _time.GetTimestamp());
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
        new($"The lookup of \"{key}\" was refused: {Open:N0} lookups of this client are under way (of MaxLookupsInFlight {_most:N0}, fewer while the cluster is slow), and {why}. Ask again later, or ask less at once.");
}
