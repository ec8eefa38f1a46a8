using OrleansCache.Model.Rules;

namespace OrleansCache.Model;

/// <summary>The bounds of the explorations: the whole protocol with leases of two ticks, and parts of it in more detail.</summary>
internal static class Configurations
{
    /// <summary>
    /// Two regions, one near cache, two edits, one SQL edit, and one crash of the owner or of the silo above the near cache. Reads are
    /// shared between requests, and an answer without a lease still answers the lookup that began its load.
    /// </summary>
    public static Bounds Everything { get; } =
        new() { Lease = 2, OwnerCrashes = 1, SiloCrashes = 1, SharedFor = 1, UnleasedAnswers = true };

    /// <summary>
    /// Commits that may be lost, land late and be repeated, also across a crash of the owner, while another edit goes on.
    /// </summary>
    public static Bounds LostCommits { get; } = new() { Lease = 2, SqlEdit = false, OwnerCrashes = 1, UnknownOutcomes = 1, Repeats = 1 };

    /// <summary>An edit that wants to write what SQL has already written, across a crash of the owner.</summary>
    public static Bounds NothingToChange { get; } = new() { Lease = 2, Edits = 1, SqlWritesTheSame = true, OwnerCrashes = 1 };

    /// <summary>One edit and one SQL edit, with finer ticks and a revocation that is sent twice.</summary>
    public static Bounds FinerTime { get; } = new() { Edits = 1, Crashes = 0, RepeatedRevokes = 1, SharedFor = 1 };

    /// <summary>Leases of four ticks, of which silos use three and the client two; each clock may be one tick slow.</summary>
    public static Bounds SlowClocks { get; } =
        new() { Lease = 4, DriftAtWorst = false, SlowClocks = 7, Edits = 1, SqlEdit = false, Crashes = 0 };

    /// <summary>
    /// One SQL edit and one crash of the silo above a client that also looks up in the other region. Successive lookups are compared.
    /// </summary>
    public static Bounds SqlAndSiloCrash { get; } =
        new() { Edits = 0, SiloCrashes = 1, SqlIsLinearizable = true, FollowClient = true, ClientMoves = true };

    /// <summary>The same with a crash of the owner.</summary>
    public static Bounds SqlAndOwnerCrash { get; } = SqlAndSiloCrash with { SiloCrashes = 0, OwnerCrashes = 1 };

    /// <summary>A crash of the owner and of the silo above the near cache.</summary>
    public static Bounds TwoCrashes { get; } =
        new() { Lease = 2, Edits = 1, SqlEdit = false, OwnerCrashes = 1, SiloCrashes = 1, Crashes = 2 };

    /// <summary>Two owners crash one after the other: a commit of the first one may land while the second one is active.</summary>
    public static Bounds TwoOwnerCrashes { get; } = TwoCrashes with { OwnerCrashes = 2, SiloCrashes = 0 };

    /// <summary>A second owner beside the first, with one edit and the near cache: only G2 is promised.</summary>
    public static Bounds TwoOwners { get; } = new() { Lease = 2, Edits = 1, SqlEdit = false, Crashes = 0, Rivals = true };

    /// <summary>A second owner beside the first, with one edit and one SQL edit, for readers in the two silos.</summary>
    public static Bounds TwoOwnersAndSql { get; } = TwoOwners with { SqlEdit = true, NearCache = false };

    /// <summary>The smallest bounds within which most mutations break a guarantee.</summary>
    public static Bounds OneEdit { get; } = new() { Edits = 1, SqlEdit = false, Crashes = 0 };

    /// <summary>The smallest bounds within which a late commit of a crashed owner breaks one.</summary>
    public static Bounds OneEditAndOwnerCrash { get; } = OneEdit with { Crashes = 1, OwnerCrashes = 1, Repeats = 1 };

    /// <summary>The smallest bounds within which plain SQL breaks one.</summary>
    public static Bounds OneSqlEdit { get; } = new() { Edits = 0, Crashes = 0 };
}
