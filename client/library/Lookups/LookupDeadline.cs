namespace OrleansCache.Client;

/// <summary>
/// The time that one lookup has, counted from when its caller asked, or from when a first gateway had answered. Everything that the lookup
/// waits for counts: its permit (<see cref="LookupAdmission"/>), a lookup of another caller that it shares (<see cref="LookupCoalescer"/>),
/// and its own attempts.
/// </summary>
internal readonly struct LookupDeadline
{
    private readonly TimeProvider _time;
    private readonly long _asked;
    private readonly TimeSpan _limit;

    /// <summary>Begins a lookup's time.</summary>
    /// <param name="time">The time provider.</param>
    /// <param name="asked">When the caller asked, as a timestamp.</param>
    /// <param name="connecting">How long it then waited for a first gateway.</param>
    /// <param name="limit">The time that it has from then on (<see cref="CacheClientOptions.Deadline"/>).</param>
    public LookupDeadline(TimeProvider time, long asked, TimeSpan connecting, TimeSpan limit) =>
        (_time, _asked, _limit) = (time, asked, connecting + limit);

    /// <summary>The time since the caller asked.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_asked);

    /// <summary>The time that is left; never negative.</summary>
    public TimeSpan Remaining => NotNegative(_limit - Elapsed);

    /// <summary>The longest wait after which one attempt still has its patience; never negative.</summary>
    public TimeSpan RemainingBefore(TimeSpan attempt) => NotNegative(_limit - attempt - Elapsed);

    /// <summary>The same deadline, extended where needed so that one attempt has its patience.</summary>
    public LookupDeadline ExtendedFor(TimeSpan attempt) =>
        Remaining >= attempt ? this : new(_time, _asked, Elapsed, attempt);

    private static TimeSpan NotNegative(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
