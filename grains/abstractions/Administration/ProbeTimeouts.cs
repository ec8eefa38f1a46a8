namespace OrleansCache;

/// <summary>
/// How long silos must wait for the answer to a probe of each other. A silo must not be declared dead for a lost packet: a probe whose
/// packet was lost is answered after the time until it is sent again and a round trip.
/// </summary>
public static class ProbeTimeouts
{
    // The longest wait of a silo is so many times the setting.
    private const int Adaptation = 3;

    // What Linux adds to a round trip before it sends a lost packet again (TCP_RTO_MIN).
    private static readonly TimeSpan Retransmission = TimeSpan.FromMilliseconds(200);

    /// <summary>The shortest sufficient wait for a silo at a distance.</summary>
    /// <param name="roundTrip">The round trip to it.</param>
    public static TimeSpan NeededFor(TimeSpan roundTrip) => (2 * roundTrip) + Retransmission;

    /// <summary>The setting <c>Clustering:ProbeTimeout</c> that allows for a wait, rounded up to a tenth of a second.</summary>
    public static TimeSpan SettingFor(TimeSpan needed) =>
        TimeSpan.FromMilliseconds(Math.Ceiling(needed.TotalMilliseconds / Adaptation / 100) * 100);
}
