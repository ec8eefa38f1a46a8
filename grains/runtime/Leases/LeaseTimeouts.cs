namespace OrleansCache.Leases;

/// <summary>The times of the drivers of leases.</summary>
internal static class LeaseTimeouts
{
    /// <summary>How often leases that are due are renewed; also the timeout of one renewal, so that renewals do not overlap.</summary>
    public static readonly TimeSpan RenewalPeriod = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The timeout for the owner of one slot within a renewal. Less than <see cref="RenewalPeriod"/>: one silent owner must not fail the
    /// others.
    /// </summary>
    public static readonly TimeSpan SlotRenewal = TimeSpan.FromMilliseconds(800);

    /// <summary>The timeout of one attempt to revoke a client's leases; attempts are repeated until the leases have ended.</summary>
    public static readonly TimeSpan ClientRevocation = TimeSpan.FromMilliseconds(500);

    /// <summary>The pause between two attempts. Less than <see cref="ClientRevocation"/>.</summary>
    public static readonly TimeSpan RevocationPause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The timeout of each of the two steps in which a silo that shuts down returns its leases: to its clients, then to the other silos.
    /// </summary>
    public static readonly TimeSpan Departure = TimeSpan.FromSeconds(1);

    /// <summary>By how much the wall clock may run ahead of the monotonic clock within one period; clocks are adjusted by less.</summary>
    public static readonly TimeSpan MaxClockJump = TimeSpan.FromSeconds(1);
}
