using OrleansCache.Timing;

namespace OrleansCache.Client;

/// <summary>
/// How far a region is from this client, by its pings, and how far its silos are from the owners, by what they say; and so how long an
/// answer takes that needs no work.
/// </summary>
/// <param name="slack">What an answer may take on top of that: work and queues (<see cref="CacheClientOptions.AttemptBudget"/>).</param>
/// <param name="lag">How late this process itself runs.</param>
internal sealed class RegionDistance(TimeSpan slack, ProcessLag lag)
{
    /// <summary>
    /// What a way counts for while it is not measured: the longest round trip that regions have, halfway around the world on real cables.
    /// With the default slack a region that has not answered yet has one second.
    /// </summary>
    public static readonly TimeSpan Unmeasured = TimeSpan.FromMilliseconds(350);

    private readonly RoundTripEstimator _pings = new();
    private long _ownerTicks = -1;

    /// <summary>The round trip to the region's gateways; null while it is not measured.</summary>
    public TimeSpan? RoundTrip => _pings.Shortest;

    /// <summary>The round trip from the region's silos to the owners, as they last measured it; null while none has said so.</summary>
    public TimeSpan? OwnerRoundTrip => Volatile.Read(ref _ownerTicks) is >= 0 and var ticks ? new(ticks) : null;

    /// <summary>What an answer takes that needs the owner, and no work.</summary>
    public TimeSpan Expected => (RoundTrip ?? Unmeasured) + (OwnerRoundTrip ?? Unmeasured);

    /// <summary>The soft timeout of an attempt: after it the region is silent.</summary>
    public TimeSpan Patience
    {
        get
        {
            var spread = 4 * (_pings.Spread ?? TimeSpan.Zero);
            return Expected + (spread > slack ? spread : slack) + lag.Current;
        }
    }

    /// <summary>
    /// The hedge delay of a region that is believed to be silent: an answer from memory takes one round trip, and those that take a little
    /// longer need no second request either.
    /// </summary>
    public TimeSpan ShortPatience => ((RoundTrip ?? Unmeasured) * 1.5) + TimeSpan.FromMilliseconds(10);

    /// <summary>Notes the answer to a ping.</summary>
    /// <param name="roundTrip">How long it took.</param>
    /// <param name="ownerRoundTrip">What the silo says; null when it does not know, and then the last value stays.</param>
    public void Note(TimeSpan roundTrip, TimeSpan? ownerRoundTrip)
    {
        _pings.Note(roundTrip);
        if (ownerRoundTrip is { } owner)
            Volatile.Write(ref _ownerTicks, Math.Max(0, owner.Ticks));
    }

    /// <summary>Forgets everything: the region is reached in another way now.</summary>
    public void Forget()
    {
        _pings.Forget();
        Volatile.Write(ref _ownerTicks, -1);
    }
}
