namespace OrleansCache.Model.Rules;

/// <summary>
/// How often each event happens at most in an exploration. Delay, reordering and loss of messages, lookups, renewals, reads of the feed,
/// lapses and time are unbounded.
/// </summary>
internal sealed record Bounds
{
    /// <summary>Ticks of a lease.</summary>
    public int Lease { get; init; } = 2;

    /// <summary>
    /// Every clock is always as slow as its holder allows for, so each lease is used to its last tick. If false, a silo uses all ticks but
    /// one, its client all but two, and <see cref="SlowClocks"/> selects the clocks that may be slow.
    /// </summary>
    public bool DriftAtWorst { get; init; } = true;

    public int Edits { get; init; } = 1;
    public bool SqlEdit { get; init; }

    /// <summary>The SQL edit writes what the last edit wants to write, so that the edit finds nothing to change.</summary>
    public bool SqlWritesTheSame { get; init; }

    /// <summary>New owners, one after the other.</summary>
    public int OwnerChanges { get; init; }

    /// <summary>The predecessor of a new owner goes on: it was only paused. If false it has crashed.</summary>
    public bool Rivals { get; init; }

    public int SiloCrashes { get; init; }

    /// <summary>Silos that leave in order.</summary>
    public int Farewells { get; init; }

    /// <summary>Revocations of a book because a table is full.</summary>
    public int Recalls { get; init; }

    /// <summary>Reads of the feed that find that it cannot be continued.</summary>
    public int FeedBreaks { get; init; }

    /// <summary>Entries that leave a silo's memory.</summary>
    public int Releases { get; init; }

    /// <summary>Commits whose response never reaches the owner.</summary>
    public int UnknownOutcomes { get; init; }

    /// <summary>Repeated attempts of an edit by an author who does not know its outcome.</summary>
    public int Repeats { get; init; }

    public int RepeatedRevokes { get; init; }

    /// <summary>Ticks for which a later request may share a read; -1: never.</summary>
    public int SharedFor { get; init; } = -1;

    /// <summary>A response without a valid lease still answers the lookup that began the load.</summary>
    public bool UnleasedAnswers { get; init; }

    /// <summary>While an edit waits for a holder, others are granted the old row.</summary>
    public bool Lends { get; init; } = true;

    /// <summary>An owner grants without a read what is registered.</summary>
    public bool GrantsFromKnowledge { get; init; } = true;

    /// <summary>The clocks that may be one tick slow within the exploration: bits 0 and 1 the silos, bit 2 the client.</summary>
    public int SlowClocks { get; init; }

    public bool NearCache { get; init; } = true;

    /// <summary>How many of the silos get late answers to renewals; those of the others arrive at once or never.</summary>
    public int LateRenewals { get; init; } = 1;

    /// <summary>The client's too.</summary>
    public bool LateClientRenewals { get; init; }

    /// <summary>The second silo takes part.</summary>
    public bool TwoSilos { get; init; } = true;

    /// <summary>
    /// A lookup that sees the row of the SQL edit must not be followed by one that sees an older row. The protocol guarantees that only for
    /// edits through owners.
    /// </summary>
    public bool SqlIsLinearizable { get; init; }

    /// <summary>Check G7 for the client.</summary>
    public bool FollowClient { get; init; }

    /// <summary>The client also looks up in the other silo's region, as it does when its own region is slow.</summary>
    public bool ClientMoves { get; init; }
}
