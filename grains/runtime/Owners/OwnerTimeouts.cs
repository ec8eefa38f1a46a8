using OrleansCache.Leases;

namespace OrleansCache.Owners;

/// <summary>
/// The fixed timeouts of owners and their callers. The timeouts of a call to an owner are settings, <c>OwnerPatience</c> (soft) and
/// <c>OwnerBudget</c> (hard), and the measured round trip on top of them.
/// </summary>
internal static class OwnerTimeouts
{
    /// <summary>
    /// The time, on top of the round trip, after which a revocation that a silo has not acknowledged is sent again, in case it was lost;
    /// until the leases have ended.
    /// </summary>
    public static readonly TimeSpan RevocationAttempt = TimeSpan.FromMilliseconds(500);

    /// <summary>The pause after an attempt that failed at once. Less than <see cref="RevocationAttempt"/>.</summary>
    public static readonly TimeSpan RevocationPause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long calls to an unreachable owner fail at once. The cluster declares a dead silo within a few seconds; until then one load per
    /// second tries each slot.
    /// </summary>
    public static readonly TimeSpan Unreachable = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The round trips, each of the longest, that a call to an owner whose address is not known may take: to ask the directory, to register
    /// a new activation in it, and to the owner.
    /// </summary>
    public const int RoundTripsOfSearch = 3;

    /// <summary>The most silos of which it is remembered when they were heard of; more than any cluster has owners on.</summary>
    public const int MostHeard = 1_000;

    /// <summary>The pause before a call that was not delivered is repeated. Short: the successor of an owner is there at once.</summary>
    public static readonly TimeSpan UndeliveredPause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long reads wait for the query before theirs; then theirs begins beside it. Far above the usual time of a query. At most a
    /// quarter of the budget.
    /// </summary>
    public static readonly TimeSpan NextQuery = TimeSpan.FromMilliseconds(250);

    /// <summary>The most queries of lookups at a time: one that works, and two that hang.</summary>
    public const int QueriesOfLookups = 3;

    /// <summary>The most queries of edits at a time.</summary>
    public const int QueriesOfEdits = 2;

    /// <summary>
    /// The time limit of a read of the change feed, and of raising epochs. Several of them fit into the shortest usual lease.
    /// </summary>
    public static readonly TimeSpan FeedQuery = TimeSpan.FromSeconds(3);

    /// <summary>How long owners that join the change feed are gathered, so that their epochs are raised together. In real time.</summary>
    public static readonly TimeSpan JoinGathering = TimeSpan.FromMilliseconds(10);

    /// <summary>The pause between two warnings that the change feed cannot be read.</summary>
    public const long BetweenFeedWarnings = 60_000;

    /// <summary>
    /// The most changes that one read of the feed lists, some 20 MB. When more has changed, owners begin a new term, and what is held is
    /// suspended until it is confirmed.
    /// </summary>
    public const int MostChanges = 200_000;

    /// <summary>The pause before an epoch that could not be raised is raised again.</summary>
    public static readonly TimeSpan RaisePause = TimeSpan.FromSeconds(1);

    /// <summary>How many keys are recalled together when an owner knows too many.</summary>
    public const int RecalledTogether = 256;

    /// <summary>
    /// How long a row is shared after its read, at most. Longer than the slowest region needs for its Redis (the timeout of a node) and its
    /// call to the owner.
    /// </summary>
    public static readonly TimeSpan RecentRow = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the home region must have been without a silo before owners elsewhere are activated without a lookup that needs them: a
    /// cluster that starts has its first home silo within seconds.
    /// </summary>
    public static readonly TimeSpan WithoutHome = TimeSpan.FromSeconds(5);

    /// <summary>How often a silo that has just started looks whether there is a silo for owners. Costs no message.</summary>
    public static readonly TimeSpan FirstAddresses = TimeSpan.FromMilliseconds(100);

    /// <summary>How often an owner's address is confirmed; all of them, one after the other, take this times the number of slots.</summary>
    public static readonly TimeSpan AddressPeriod = TimeSpan.FromSeconds(1);

    /// <summary>The timeout of that. Above any round trip; a lookup does not wait for it.</summary>
    public static readonly TimeSpan AddressPing = TimeSpan.FromSeconds(5);

    /// <summary>How often an owner checks whether it is still in its place.</summary>
    public static readonly TimeSpan PlaceCheck = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For how many of these checks in a row its place must be the same other silo before it moves there: silos that start and end at once
    /// should not move it to and fro.
    /// </summary>
    public const int ChecksBeforeMove = 3;

    /// <summary>
    /// The pause between two owners that leave a silo, so that the calls that wait for the successors are few at a time: 64 take 6 s.
    /// </summary>
    public static readonly TimeSpan BetweenMoves = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a silent silo is pinged; its return is noticed this much later. Five messages a second cost nothing.</summary>
    public static readonly TimeSpan SilentPing = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The pings to a silent silo whose answers still count: those of two seconds, longer than any way with a lost packet.
    /// </summary>
    public const int SilentPings = 10;

    /// <summary>The time limit of a query for rows: below the budget of those who wait for it, so that they learn of the failure.</summary>
    public static TimeSpan QueryLimit(TimeSpan budget) => 0.9 * budget;
}
