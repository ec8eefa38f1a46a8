namespace OrleansCache.Client;

/// <summary>How a lookup that had a permit has ended.</summary>
internal enum LookupEnd
{
    /// <summary>With an answer.</summary>
    Answered,

    /// <summary>A silo has shed it.</summary>
    Shed,

    /// <summary>In a way that says nothing about the cluster's load.</summary>
    Other,
}

/// <summary>
/// Limits the lookups that a client has in flight, so that a burst waits here at no cost and does not make every call of the cluster slow:
/// 1. A lookup has a permit while it is in flight; the others wait in the order of their arrival, and only so many.
/// 2. The limit begins at a quarter of the highest and follows what silos shed: halved, at most once per expected time, and raised by one
///    for each <c>limit</c> answers (additive increase and multiplicative decrease: V. Jacobson, "Congestion Avoidance and Control",
///    1988). Slow answers do not lower it: distance, a cold cache and a lost region are slow, too.
/// 3. It is never below twice what the distance alone keeps in flight: the lookups per second times the time that an answer is on its way
///    (J. Little's law; the bandwidth-delay product of TCP), and as much again for the work, and for a queue to get shorter. While silos
///    shed, only lookups that were answered count for this.
/// 4. A burst may wait as long as its deadline allows. But a queue that does not get empty within an interval is no burst: a lookup that
///    would then wait for longer than a target is refused at once, so that those that are admitted are answered soon (K. Nichols and
///    V. Jacobson, "Controlling Queue Delay", 2012; B. Maurer, "Fail at Scale", 2015). Not in the first seconds, in which code is compiled
///    and caches are cold.
/// </summary>
internal sealed class LookupAdmission
{
    /// <summary>The lowest limit, unless the highest is lower: few enough for any silo, and enough to notice when it recovers.</summary>
    public const int Minimum = 8;

    /// <summary>
    /// How long a queue may last that is a burst; the sums of this class are over this time, too. CoDel's interval, ten times longer since
    /// what waits are lookups of some milliseconds and not packets.
    /// </summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The time after the first lookup in which none is refused because others wait.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    private readonly CacheClientOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeSpan _targetWait;
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private readonly SlidingSum _completed;

    // In seconds of expected time: per second, they are the lookups that the distance keeps in flight.
    private readonly SlidingSum _arrived;
    private readonly SlidingSum _answered;
    private readonly SlidingSum _shed;
    private double _limit;
    private int _inFlight;
    private long _queuedSince;
    private long? _first;
    private long? _lowered;
    private long? _refused;

    public LookupAdmission(CacheClientOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        // An eighth: after the wait there is time for an attempt and several hedged ones.
        _targetWait = options.Deadline / 8;
        (_completed, _arrived, _answered, _shed) =
            (new(Interval, time), new(Interval, time), new(Interval, time), new(Interval, time));
        _limit = Math.Min(options.MaxLookupsInFlight, Math.Max(Minimum, options.MaxLookupsInFlight / 4));
    }

    /// <summary>The lookups that may be in flight now.</summary>
    public int Limit
    {
        get
        {
            lock (_gate)
                return LimitLocked();
        }
    }

    /// <summary>The lookups that are in flight.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Why a lookup that is asked for now would be refused at once; null when it would not.</summary>
    public string? Refusal(string key)
    {
        // In the usual case no lock is taken.
        if (InFlight < Minimum)
            return null;
        lock (_gate)
            return RefusalLocked(key);
    }

    /// <summary>Takes a permit, which must be given back with <see cref="Leave"/>.</summary>
    /// <param name="key">The key that is looked up, for the error message.</param>
    /// <param name="region">How far away the region is that is asked first.</param>
    /// <param name="deadline">The lookup's time.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>Why there is none; null when there is one. No exception, since in an overload there are many.</returns>
    public ValueTask<string?> EnterAsync(string key, RegionDistance region, LookupDeadline deadline, CancellationToken cancellation)
    {
        LinkedListNode<TaskCompletionSource> place;
        lock (_gate)
        {
            _first ??= _time.GetTimestamp();
            if (RefusalLocked(key) is { } refusal)
                return new(refusal);
            _arrived.Add(region.Expected.TotalSeconds);
            if (_waiting.Count == 0 && _inFlight < LimitLocked())
            {
                _inFlight++;
                return default;
            }

            if (_waiting.Count == 0)
                _queuedSince = _time.GetTimestamp();
            place = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            // The limit may have risen with the arrivals.
            GrantLocked();
        }

        return WaitAsync(key, place, deadline.RemainingBefore(region.Patience), cancellation);
    }

    /// <summary>Gives a permit back.</summary>
    /// <param name="region">How far away the region is that was asked first.</param>
    /// <param name="end">How the lookup has ended.</param>
    public void Leave(RegionDistance region, LookupEnd end)
    {
        lock (_gate)
        {
            _inFlight--;
            _completed.Add(1);
            switch (end)
            {
                case LookupEnd.Answered:
                    _answered.Add(region.Expected.TotalSeconds);
                    _limit = Math.Min(_options.MaxLookupsInFlight, _limit + (1 / _limit));
                    break;
                case LookupEnd.Shed:
                    _shed.Add(1);
                    LowerLocked(region.Expected);
                    break;
            }

            GrantLocked();
        }
    }

    private int LimitLocked()
    {
        var onTheWay = (_shed.Total > 0 ? _answered : _arrived).Total / Interval.TotalSeconds;
        return (int)Math.Min(_options.MaxLookupsInFlight, Math.Max(_limit, Math.Ceiling(2 * onTheWay)));
    }

    private void LowerLocked(TimeSpan expected)
    {
        var now = _time.GetTimestamp();
        // What is in flight when the limit is lowered was sent under the old one, and is shed for the same reason.
        if (_lowered is { } before && _time.GetElapsedTime(before, now) < expected)
            return;
        _lowered = now;
        _limit = Math.Min(_options.MaxLookupsInFlight, Math.Max(Minimum, _limit / 2));
    }

    private void GrantLocked()
    {
        while (_waiting.First is { } next && _inFlight < LimitLocked())
        {
            _waiting.Remove(next);
            _inFlight++;
            next.Value.SetResult();
        }
    }

    private string? RefusalLocked(string key)
    {
        if (_waiting.Count == 0 && (_options.MaxLookupsWaiting > 0 || _inFlight < LimitLocked()))
            return null;
        if (_waiting.Count >= _options.MaxLookupsWaiting)
            return Refused(key, $"{_options.MaxLookupsWaiting:N0} more wait for a permit already (MaxLookupsWaiting)");
        var now = _time.GetTimestamp();
        // A queue that got empty a moment ago, only because lookups were refused, is not a new burst.
        var isOverloaded = _time.GetElapsedTime(_queuedSince, now) >= Interval
            || (_refused is { } before && _time.GetElapsedTime(before, now) < Interval);
        if (_time.GetElapsedTime(_first ?? now, now) < WarmUp || !isOverloaded)
            return null;
        var wait = _waiting.Count / (_completed.Total / Interval.TotalSeconds);
        if (wait <= _targetWait.TotalSeconds)
            return null;
        _refused = now;
        return Refused(key, double.IsFinite(wait) ? $"it would wait for one for {wait * 1_000:N0} ms" : "none ends");
    }

    private async ValueTask<string?> WaitAsync(
        string key, LinkedListNode<TaskCompletionSource> place, TimeSpan timeout, CancellationToken cancellation)
    {
        await place.Value.Task.WaitAsync(timeout, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (place.List is null)
            {
                if (!cancellation.IsCancellationRequested)
                    return null;
                _inFlight--;
                GrantLocked();
            }
            else
                _waiting.Remove(place);
        }

        cancellation.ThrowIfCancellationRequested();
        return Refused(key, $"it timed out after {timeout.TotalMilliseconds:N0} ms waiting for a permit");
    }

    private string Refused(string key, string why) =>
        $"The lookup of \"{key}\" was refused: {Limit:N0} lookups of this client may be in flight (MaxLookupsInFlight is "
        + $"{_options.MaxLookupsInFlight:N0}; fewer while silos shed load), and {why}. Look it up again later, or look up fewer keys at "
        + "once.";
}
