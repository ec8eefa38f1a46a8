namespace OrleansCache.Model.Rules;

/// <summary>
/// How much happens at most in one exploration. Message delay, reordering and loss of answers, lookups, renewals and time are never
/// bounded.
/// </summary>
internal sealed record Bounds
{
    /// <summary>Ticks of a lease.</summary>
    public int Lease { get; init; } = 3;

    /// <summary>
    /// Every clock is as slow, within every lease, as its holder allows for: each lease is used to its last tick. Otherwise a silo uses all
    /// ticks but one, its client all but two, and <see cref="SlowClocks"/> says which clocks may turn out to be slow.
    /// </summary>
    public bool DriftAtWorst { get; init; } = true;

    public int Edits { get; init; } = 2;
    public bool SqlEdit { get; init; } = true;

    /// <summary>The SQL edit writes what the last edit wants to write, so that this edit finds nothing to change.</summary>
    public bool SqlWritesTheSame { get; init; }

    public int OwnerCrashes { get; init; }
    public int SiloCrashes { get; init; }

    /// <summary>Crashes of whatever kind.</summary>
    public int Crashes { get; init; } = 1;

    /// <summary>Commits whose answer never reaches the owner.</summary>
    public int UnknownOutcomes { get; init; }

    /// <summary>Repeats of an edit by an author who does not know its outcome.</summary>
    public int Repeats { get; init; }

    public int RepeatedRevokes { get; init; }

    /// <summary>Ticks for which a later request may share a read; -1: it never may.</summary>
    public int SharedFor { get; init; } = -1;

    /// <summary>Answers whose lease has run out on the way still answer the lookup that began the load.</summary>
    public bool UnleasedAnswers { get; init; }

    public bool LimitedMode { get; init; } = true;

    /// <summary>Which clocks may be one tick slow within the exploration: bit 0 and 1 the silos, bit 2 the client.</summary>
    public int SlowClocks { get; init; }

    public bool NearCache { get; init; } = true;

    /// <summary>A second owner may come up while the first lives on. Then only G2 is promised.</summary>
    public bool Rivals { get; init; }

    /// <summary>
    /// Also a row that SQL wrote must not be followed by an older one in any lookup, which the protocol promises for edits through owners
    /// only.
    /// </summary>
    public bool SqlIsLinearizable { get; init; }

    /// <summary>What the client sees is followed, from lookup to lookup.</summary>
    public bool FollowClient { get; init; }

    /// <summary>The client also looks up in the other silo's region, as it does when its own is slow.</summary>
    public bool ClientMoves { get; init; }
}
