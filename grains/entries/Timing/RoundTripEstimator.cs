namespace OrleansCache.Timing;

/// <summary>
/// The round trip to a peer, from the last few pings to it. The shortest of them is the way itself, and their spread is the slack that an
/// answer needs on top: a mean would be wrong for a minute after a single pause of a process, the minimum only until the next ping (the
/// minimum filter of BBR; N. Cardwell et al., "BBR: Congestion-Based Congestion Control", 2016). Pings carry no work, since an answer
/// also takes what the work takes. All members are thread-safe, and reading takes no lock.
/// </summary>
public sealed class RoundTripEstimator
{
    /// <summary>The pings that count.</summary>
    public const int Samples = 8;

    private readonly Lock _gate = new();
    private readonly long[] _ticks = new long[Samples];
    private int _count;
    private volatile Estimate? _estimate;

    /// <summary>The way to the peer and back; null before the first ping.</summary>
    public TimeSpan? Shortest => _estimate?.Shortest;

    /// <summary>By how much an answer may be later than <see cref="Shortest"/>; null before the first ping.</summary>
    public TimeSpan? Spread => _estimate?.Spread;

    /// <summary>Notes what a ping took.</summary>
    public void Note(TimeSpan roundTrip)
    {
        lock (_gate)
        {
            _ticks[_count++ % Samples] = Math.Max(0, roundTrip.Ticks);
            var known = _ticks.AsSpan(0, Math.Min(_count, Samples)).ToArray();
            Array.Sort(known);
            _estimate = new(new(known[0]), new(known[known.Length / 2] - known[0]));
        }
    }

    /// <summary>Forgets all pings: the peer is another one now.</summary>
    public void Forget()
    {
        lock (_gate)
            (_count, _estimate) = (0, null);
    }

    /// <summary>How long an answer may take before it is overdue: the way, and the larger of a floor and four times the spread.</summary>
    /// <param name="floor">The least slack, for work and for queues.</param>
    /// <param name="unmeasured">The result before the first ping.</param>
    public TimeSpan Patience(TimeSpan floor, TimeSpan unmeasured) =>
        _estimate is { } known ? known.Shortest + (4 * known.Spread > floor ? 4 * known.Spread : floor) : unmeasured;

    private sealed record Estimate(TimeSpan Shortest, TimeSpan Spread);
}
