using OrleansCache.Leases;

namespace OrleansCache.Owners;

/// <summary>
/// The fixed timeouts of owners and their callers. The timeouts of a call to an owner are settings: <c>OwnerPatience</c> (soft) and
/// <c>OwnerBudget</c> (hard).
/// </summary>
internal static class OwnerTimeouts
{
    /// <summary>The timeout of one attempt to revoke a silo's leases; attempts are repeated until the leases have ended.</summary>
    public static readonly TimeSpan RevocationAttempt = TimeSpan.FromMilliseconds(500);

    /// <summary>The pause between two attempts. Less than <see cref="RevocationAttempt"/>.</summary>
    public static readonly TimeSpan RevocationPause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long calls to an unreachable owner fail at once. The cluster declares a dead silo within a few seconds; until then one load per
    /// second tries each slot.
    /// </summary>
    public static readonly TimeSpan Unreachable = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long reads for renewals are gathered into one query. Much shorter than <see cref="LeaseTimeouts.SlotRenewal"/>, and longer than
    /// all owners of a silo take to issue their reads.
    /// </summary>
    public static readonly TimeSpan RenewalGathering = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long a row is shared after its read, at most. Longer than the slowest region needs for its Redis (the timeout of a node) and its
    /// call to the owner.
    /// </summary>
    public static readonly TimeSpan RecentRow = TimeSpan.FromSeconds(2);
}
