namespace OrleansCache.Client;

/// <summary>
/// The time that one lookup has, counted from when its caller asked. Everything that the lookup waits for counts: its permit
/// (<see cref="LookupAdmission"/>), a lookup of another caller that it shares (<see cref="LookupCoalescer"/>), and its own attempts.
/// </summary>
internal readonly struct LookupDeadline
{
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly TimeSpan _limit;
    private readonly TimeSpan _attempt;

    /// <summary>Starts a lookup's time now.</summary>
    public LookupDeadline(CacheClientOptions options, TimeProvider time)
        : this(time, time.GetTimestamp(), options.Deadline, options.AttemptBudget)
    {
    }

    private LookupDeadline(TimeProvider time, long started, TimeSpan limit, TimeSpan attempt) =>
        (_time, _started, _limit, _attempt) = (time, started, limit, attempt);

    /// <summary>The time since the caller asked.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_started);

    /// <summary>The time that is left; never negative.</summary>
    public TimeSpan Remaining => NotNegative(_limit - Elapsed);

    /// <summary>The longest wait after which one attempt still has its whole budget; never negative.</summary>
    public TimeSpan RemainingBeforeAttempt => NotNegative(_limit - _attempt - Elapsed);

    /// <summary>Whether one attempt still has its whole budget.</summary>
    public bool AllowsAttempt => _limit - Elapsed >= _attempt;

    /// <summary>The same deadline, extended where needed so that one attempt has its whole budget.</summary>
    public LookupDeadline ExtendedForAttempt() => AllowsAttempt ? this : new(_time, _started, Elapsed + _attempt, _attempt);

    private static TimeSpan NotNegative(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
