using OrleansCache.Entries;

namespace OrleansCache.Client;

/// <summary>
/// The fixed times of the near cache. <see cref="Renewing"/> and the round trip &lt; <see cref="Renewal"/>.Before, so that a renewal can be
/// repeated.
/// </summary>
internal static class NearTimeouts
{
    /// <summary>
    /// When leases are renewed. A silo renews its own lease when four seconds of it are left, and a client's lease ends with the silo's: a
    /// renewal one second later gets the longer one, and leaves time for another try.
    /// </summary>
    public static readonly RenewalRules Renewal = new(Before: 3_000, UsedWithin: 30_000, Most: 10_000);

    /// <summary>How often leases are renewed.</summary>
    public static readonly TimeSpan RenewalPeriod = TimeSpan.FromSeconds(1);

    /// <summary>The time that a silo has for a renewal, on top of the round trip to its region.</summary>
    public static readonly TimeSpan Renewing = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The most by which the wall clock may gain on the monotonic clock per period. Manual and NTP corrections are usually smaller.
    /// </summary>
    public static readonly TimeSpan MaxClockJump = TimeSpan.FromSeconds(1);

    /// <summary>The timeout of making this client known to a silo.</summary>
    public static readonly TimeSpan Join = TimeSpan.FromSeconds(5);

    /// <summary>The pause after that has failed.</summary>
    public static readonly TimeSpan JoinPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The timeout of notifying all silos that this client leaves. Short, because the only cost of a missed goodbye is that the silo waits
    /// for one lease to end.
    /// </summary>
    public static readonly TimeSpan Leave = TimeSpan.FromSeconds(1);
}
