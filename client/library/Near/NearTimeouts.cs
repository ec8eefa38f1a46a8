using OrleansCache.Entries;

namespace OrleansCache.Client;

/// <summary>
/// The fixed times of the near cache.
/// </summary>
internal static class NearTimeouts
{
    /// <summary>The most keys that are released with one message.</summary>
    public const int MaxReleases = 1_000;

    /// <summary>How often leases are renewed.</summary>
    public static readonly TimeSpan RenewalPeriod = TimeSpan.FromSeconds(1);

    /// <summary>The time that a silo has for a renewal, on top of the round trip to its region.</summary>
    public static readonly TimeSpan Renewing = TimeSpan.FromSeconds(1);

    /// <summary>The time that a silo has to confirm entries, on top of the round trip to its region.</summary>
    public static readonly TimeSpan Confirming = TimeSpan.FromSeconds(1);

    /// <summary>Suspended entries that have not been used for longer wait for their next use.</summary>
    public static readonly TimeSpan ConfirmedIfUsedWithin = TimeSpan.FromMinutes(1);

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
