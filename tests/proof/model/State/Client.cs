namespace OrleansCache.Model.State;

/// <summary>The client process with a near cache, below the first silo, and what that silo has recorded about it.</summary>
internal struct Client
{
    public byte Row;

    /// <summary>The remaining lease of the client's entry, in ticks of the client's clock.</summary>
    public byte Lease;

    /// <summary>The silo's response in flight to the client.</summary>
    public byte AnswerRow;

    public byte AnswerLease;

    /// <summary>1 while a revocation is in flight from the silo to the client.</summary>
    public byte Revoke;

    /// <summary>Ticks of the silo's clock until every recorded lease of the client has ended.</summary>
    public byte RecordUntil;

    /// <summary>
    /// An entry that the silo has checked, but not recorded and sent (only used by the mutation that separates the two steps).
    /// </summary>
    public byte CheckedRow;

    public byte CheckedLease;

    /// <summary>The newest version that this client has seen; tracked only where the other guarantees do not imply G7.</summary>
    public byte Seen;
}
