namespace OrleansCache.Leases;

/// <summary>The times of the drivers of leases.</summary>
internal static class LeaseTimeouts
{
    /// <summary>The timeout of a renewal, on top of the round trip.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(1);

    /// <summary>The most keys of a slot that are released with one message.</summary>
    public const int MaxReleases = 1_000;

    /// <summary>
    /// The time without a renewal after which a client is forgotten; more than the longest lease.
    /// </summary>
    public static readonly TimeSpan SilentClient = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The timeout for the owner of one slot within a renewal, which is called from its own region. Less than <see
    /// cref="Renewal"/>: one silent owner must not fail the others.
    /// </summary>
    public static readonly TimeSpan SlotRenewal = TimeSpan.FromMilliseconds(800);

    /// <summary>
    /// The time after which the revocation of a client's leases is sent again, in case it was lost; until the leases have ended. The way to
    /// the client need not be shorter: an answer to the first call counts whenever it comes.
    /// </summary>
    public static readonly TimeSpan ClientRevocation = TimeSpan.FromMilliseconds(500);

    /// <summary>The pause after an attempt that failed at once. Less than <see cref="ClientRevocation"/>.</summary>
    public static readonly TimeSpan RevocationPause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The timeout of each of the two steps in which a silo that shuts down returns its leases, to its clients, then to the other silos;
    /// the longest round trip comes on top.
    /// </summary>
    public static readonly TimeSpan Departure = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many suspended entries are confirmed together, at most once per period: with rows of a kilobyte, a megabyte that the catalog
    /// reads. What is used before its turn comes is loaded as after any other miss.
    /// </summary>
    public const int ConfirmedTogether = 1_000;

    /// <summary>Suspended entries that have not been used for longer wait for their next use.</summary>
    public static readonly TimeSpan ConfirmedIfUsedWithin = TimeSpan.FromMinutes(5);

    /// <summary>By how much the wall clock may run ahead of the monotonic clock within one period; clocks are adjusted by less.</summary>
    public static readonly TimeSpan MaxClockJump = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The most renewals in flight. Where the way to the owners is longer than the period they overlap; an owner that does not answer is
    /// not asked for ever more.
    /// </summary>
    public const int MaxRenewalsInFlight = 4;
}
