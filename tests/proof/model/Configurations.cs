using OrleansCache.Model.Rules;

namespace OrleansCache.Model;

/// <summary>
/// The bounds of the explorations. One silo with everything that concerns it is explored with late renewals, longer leases and more events
/// than two, whose states multiply.
/// </summary>
internal static class Configurations
{
    /// <summary>One edit, and a silo without clients: the smallest bounds within which most mutations break a guarantee.</summary>
    public static Bounds OneSilo { get; } = new() { TwoSilos = false, NearCache = false };

    /// <summary>One edit, and a silo with a client.</summary>
    public static Bounds SiloAndClient { get; } = new() { TwoSilos = false };

    /// <summary>One edit, two silos and a client, under the shortest leases.</summary>
    public static Bounds TwoSilosAndClient { get; } = new() { Lease = 1 };

    /// <summary>One edit and two silos, under the shortest leases.</summary>
    public static Bounds TwoSilos { get; } = new() { Lease = 1, NearCache = false };

    /// <summary>A SQL edit beside the edit.</summary>
    public static Bounds AndSql(this Bounds bounds) => bounds with { SqlEdit = true };

    /// <summary>The SQL edit writes what the edit wants to write.</summary>
    public static Bounds AndSqlThatWritesTheSame(this Bounds bounds) => bounds with { SqlEdit = true, SqlWritesTheSame = true };

    /// <summary>A second edit.</summary>
    public static Bounds AndAnotherEdit(this Bounds bounds) => bounds with { Edits = 2 };

    /// <summary>Entries leave a silo's memory, and its releases are late or lost.</summary>
    public static Bounds AndReleases(this Bounds bounds, int releases) => bounds with { Releases = releases };

    /// <summary>Reads are shared, and an answer without a lease still answers the lookup that began its load.</summary>
    public static Bounds AndSharedReads(this Bounds bounds) => bounds with { SharedFor = 1, UnleasedAnswers = true };

    /// <summary>A commit that is lost or lands late, and a repeated edit.</summary>
    public static Bounds AndALostCommit(this Bounds bounds) => bounds with { UnknownOutcomes = 1, Repeats = 1 };

    /// <summary>The owner crashes, and another one takes its place.</summary>
    public static Bounds AndANewOwner(this Bounds bounds) => bounds with { OwnerChanges = 1 };

    /// <summary>Another owner takes the place of one that was only paused.</summary>
    public static Bounds AndARival(this Bounds bounds) => bounds with { OwnerChanges = 1, Rivals = true };

    /// <summary>The first silo crashes, and is started again.</summary>
    public static Bounds AndACrashedSilo(this Bounds bounds) => bounds with { SiloCrashes = 1 };

    /// <summary>The first silo leaves in order, and is started again.</summary>
    public static Bounds AndAFarewell(this Bounds bounds) => bounds with { Farewells = 1 };

    /// <summary>A table is full once.</summary>
    public static Bounds AndAFullTable(this Bounds bounds) => bounds with { Recalls = 1 };

    /// <summary>The feed cannot be continued once.</summary>
    public static Bounds AndABrokenFeed(this Bounds bounds) => bounds with { FeedBreaks = 1 };

    /// <summary>Leases of four ticks, of which silos use three and the client two; each clock may be one tick slow.</summary>
    public static Bounds WithSlowClocks(this Bounds bounds) => bounds with { Lease = 4, DriftAtWorst = false, SlowClocks = 7 };

    /// <summary>Successive lookups of the client, and of all readers after a SQL edit, are compared.</summary>
    public static Bounds ComparingLookups(this Bounds bounds) =>
        bounds with { SqlIsLinearizable = true, FollowClient = true, ClientMoves = bounds.TwoSilos };
}
