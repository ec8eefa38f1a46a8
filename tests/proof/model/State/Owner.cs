namespace OrleansCache.Model.State;

/// <summary>The phase of the book's edit round. Edits of a book run one at a time.</summary>
internal enum RoundPhase : byte
{
    Free,

    /// <summary>Leases are being revoked; what follows depends on <see cref="Owner.RoundEdit"/> and <see cref="Owner.Settles"/>.</summary>
    Revoking,

    /// <summary>The commit is in flight to the catalog.</summary>
    Committing,

    /// <summary>The catalog has committed, but the owner has not received the response.</summary>
    Committed,

    /// <summary>The owner has abandoned the commit: it may have happened, may happen later, or never.</summary>
    Indeterminate,
}

/// <summary>The progress of one revocation request to a silo.</summary>
internal enum Asked : byte
{
    No,
    Sent,

    /// <summary>The silo's own entry is revoked, but its client may still answer from its entry.</summary>
    AwaitsClient,
    Answered,
    Acknowledged,
}

/// <summary>The state of the owner grain that concerns this book.</summary>
internal struct Owner
{
    public byte Alive;

    /// <summary>The version under lease, 0 if there is none.</summary>
    public byte RecordIdentity;

    /// <summary>Bits 0 and 1: the silos; bit 2: the crashed incarnation of the first silo.</summary>
    public byte RecordHolders;

    /// <summary>Ticks until every recorded lease has ended.</summary>
    public byte RecordUntil;

    /// <summary>Ticks during which a new owner must not commit, because it does not know the leases of its predecessor.</summary>
    public byte SafeIn;

    /// <summary>A new owner's requests to drop the slot's leases.</summary>
    public Pair<Asked> Drops;

    public RoundPhase Round;

    /// <summary>1 or 2: the edit of the round; 0: the round revokes for an out-of-band write.</summary>
    public byte RoundEdit;

    /// <summary>The version that the edit expects.</summary>
    public byte RoundRow;

    /// <summary>1 if the edit is already in the catalog, so that only its acknowledgement waits for the holders.</summary>
    public byte Settles;

    public Pair<Asked> Revokes;

    /// <summary>A bit for each silo whose token is void, because another owner has revoked the book there since.</summary>
    public byte VoidTokens;

    /// <summary>1 while the lease of a crashed incarnation must expire, because nobody can acknowledge for it.</summary>
    public byte LostHolder;

    /// <summary>1 after a lease was granted in limited mode: the commit then waits until the recorded leases have ended.</summary>
    public byte Limited;

    /// <summary>The row of a recent read that later requests may share, 0 if there is none.</summary>
    public byte SharedRow;

    public byte SharedAge;
}
