namespace OrleansCache.Model.State;

/// <summary>Where the owner's gate of the book stands: one edit at a time passes through it.</summary>
internal enum Gate : byte
{
    Free,

    /// <summary>
    /// Holders are asked to give up their copies; what follows depends on <see cref="Owner.GateEdit"/> and <see cref="Owner.Settles"/>.
    /// </summary>
    Revoking,

    /// <summary>The commit is on its way to the catalog.</summary>
    Committing,

    /// <summary>The catalog has committed, the owner does not know it yet.</summary>
    Committed,

    /// <summary>The owner gave the commit up: it may have happened, may still happen, or not.</summary>
    Doubt,
}

/// <summary>How far one request to a silo to give up its copy has come.</summary>
internal enum Asked : byte
{
    No,
    Sent,

    /// <summary>The silo's own copy is suspended, but its client may still answer from the one below.</summary>
    AwaitsClient,
    Answered,
    Acknowledged,
}

/// <summary>The owner grain of the book's slot, as much of it as concerns this one book.</summary>
internal struct Owner
{
    public byte Alive;

    /// <summary>The identity that is under lease, 0 when none is.</summary>
    public byte RecordIdentity;

    /// <summary>Bit 0 and 1: the silos; bit 2: the incarnation of the first silo that crashed.</summary>
    public byte RecordHolders;

    /// <summary>Ticks until no recorded lease is left.</summary>
    public byte RecordUntil;

    /// <summary>Ticks during which a new owner must not commit, because its predecessor's leases are unknown to it.</summary>
    public byte SafeIn;

    /// <summary>A new owner's request to drop the slot's leases.</summary>
    public Pair<Asked> Drops;

    public Gate Gate;

    /// <summary>1 or 2: the edit inside the gate; 0: a row that somebody else wrote.</summary>
    public byte GateEdit;

    /// <summary>The version on which the edit builds.</summary>
    public byte GateRow;

    /// <summary>1 when the edit turned out to be in the catalog already, so that only its acknowledgement waits for the holders.</summary>
    public byte Settles;

    public Pair<Asked> Revokes;

    /// <summary>
    /// A bit for each silo whose token is void, because it was revoked again, by somebody else, since it gave the token away.
    /// </summary>
    public byte VoidTokens;

    /// <summary>1 while a crashed incarnation's leases must run out, because nobody can acknowledge for it.</summary>
    public byte LostHolder;

    /// <summary>1 once a lease in limited mode was given: the commit then happens at the record's end, not sooner.</summary>
    public byte Limited;

    /// <summary>The row of a recent read that later requests may share, 0 when there is none.</summary>
    public byte SharedRow;

    public byte SharedAge;
}
