namespace OrleansCache.Model.State;

/// <summary>The state of the owner grain that concerns this book.</summary>
internal struct Owner
{
    public byte Alive;

    /// <summary>1 if the slot has this owner's epoch, 0 if a later owner has raised it.</summary>
    public byte Current;

    /// <summary>Ticks since the anchor, at most one lease.</summary>
    public byte AnchorAge;

    /// <summary>The changed row that a read of the change feed has found and that is not worked off, 0 if there is none.</summary>
    public byte FeedRow;

    /// <summary>Ticks since that read began.</summary>
    public byte FeedAge;

    /// <summary>1 if a read of the feed is in flight that has found nothing (only used by a mutation).</summary>
    public byte FeedEmpty;

    /// <summary>1 if the row has changed since the last read of the feed began.</summary>
    public byte Unread;

    /// <summary>The version for which holders are registered or being revoked, 0 if there are none.</summary>
    public byte Identity;

    public Pair<Holder> Holders;

    /// <summary>
    /// Ticks until the volume lease of a crashed incarnation of the first silo, which is registered for the book, has ended.
    /// </summary>
    public byte LostUntil;

    /// <summary>Ticks during which a new owner must not commit, because it does not know who holds what.</summary>
    public byte SafeIn;

    /// <summary>A new owner's requests to end the volume leases of lower epochs.</summary>
    public Pair<Asked> Ends;

    public RoundPhase Round;

    /// <summary>1 or 2: the edit of the round; 0: the round revokes for an out-of-band write.</summary>
    public byte RoundEdit;

    /// <summary>The version that the edit expects.</summary>
    public byte RoundRow;

    /// <summary>1 if the edit is already in the catalog, so that only its acknowledgement waits for the holders.</summary>
    public byte Settles;

    /// <summary>1 in the second pass, which revokes what was lent in the first one.</summary>
    public byte SecondPass;

    public Pair<Asked> Revokes;

    /// <summary>Ticks until the end of what each silo was lent while an edit waits for another holder.</summary>
    public Pair<byte> Lent;

    /// <summary>A bit for each silo whose revocation epoch has changed since it acknowledged.</summary>
    public byte VoidTokens;

    /// <summary>1 if the feed has a newer row than the one that this round has committed.</summary>
    public byte Overtaken;

    /// <summary>The row of a recent read that later requests may share, 0 if there is none.</summary>
    public byte SharedRow;

    public byte SharedAge;
}
