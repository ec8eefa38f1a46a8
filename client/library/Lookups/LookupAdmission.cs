namespace OrleansCache.Client;

/// <summary>
/// Limits the lookups that a client has in flight. Sent all at once, a large burst would make every call exceed its soft timeout, be
/// repeated elsewhere and slow that place down, too, until nobody is answered. So:
/// 1. only so many lookups are in flight at a time; the others wait here for a permit, at no cost, in the order of their arrival;
/// 2. a lookup is refused when no attempt would have its soft timeout before the deadline any more;
/// 3. a lookup is refused at once when too many wait already;
/// 4. there are fewer permits while the cluster is slow (<see cref="AdaptiveConcurrencyLimit"/>).
/// </summary>
internal sealed class LookupAdmission : IDisposable
{
    private readonly CacheClientOptions _options;
    private readonly AdaptiveConcurrencyLimit _limit;
    private readonly TimeProvider _time;
    private readonly int _permits;
    private readonly SemaphoreSlim _free;
    private readonly Lock _gate = new();
    private int _waiting;
    private int _withheld;

    public LookupAdmission(CacheClientOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _permits = options.MaxLookupsInFlight;
        _limit = new(_permits, options.AttemptBudget, time);
        _free = new(_permits);
    }

    /// <summary>The lookups that may be in flight now.</summary>
    public int Limit
    {
        get
        {
            lock (_gate)
                return _limit.Current;
        }
    }

    /// <summary>Takes a permit, which must be given back with <see cref="Leave"/>.</summary>
    /// <param name="key">The key that is looked up, for the error message.</param>
    /// <param name="deadline">The lookup's time.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="LookupRefusedException">There is no permit in time.</exception>
    public async ValueTask EnterAsync(string key, LookupDeadline deadline, CancellationToken cancellation)
    {
        if (_free.Wait(0, CancellationToken.None))
            return;
        try
        {
            if (Interlocked.Increment(ref _waiting) > _options.MaxLookupsWaiting)
                throw Refused(key, $"{_options.MaxLookupsWaiting:N0} more wait for a permit already (MaxLookupsWaiting)");
            await WaitAsync(key, deadline.RemainingBeforeAttempt, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Gives a permit back.</summary>
    /// <param name="wasSlow">Whether its lookup took as long as attempts that time out; null when it says nothing about the
    /// cluster.</param>
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
        var withhold = _permits - _limit.Current;
        var freed = 1 + _withheld - withhold;
        _withheld = Math.Min(_withheld + 1, withhold);
        if (freed > 0)
            _free.Release(freed);
        // Permits in use are withheld when they are given back.
        while (_withheld < withhold && _free.Wait(0, CancellationToken.None))
            _withheld++;
    }

    private async Task WaitAsync(string key, TimeSpan timeout, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        using var due = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, cancellation);
        try
        {
            await _free.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw TimedOut();
        }

        // On a busy machine this continuation itself may run late.
        if (_time.GetElapsedTime(began) > timeout)
        {
            Leave(null);
            throw TimedOut();
        }

        LookupRefusedException TimedOut() =>
            Refused(key, $"it timed out after {timeout.TotalMilliseconds:N0} ms waiting for a permit");
    }

    private LookupRefusedException Refused(string key, string why) => new(
        $"The lookup of \"{key}\" was refused: {Limit:N0} lookups of this client may be in flight (MaxLookupsInFlight is {_permits:N0}; "
        + $"fewer while the cluster is slow), and {why}. Look it up again later, or look up fewer keys at once.");
}
