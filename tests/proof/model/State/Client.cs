namespace OrleansCache.Model.State;

/// <summary>The one client process with a near cache, below the first silo, and what that silo has recorded of it.</summary>
internal struct Client
{
    public byte Row;

    /// <summary>Ticks of the client's clock that its copy may still answer.</summary>
    public byte Lease;

    /// <summary>The silo's answer on its way to the client.</summary>
    public byte AnswerRow;

    public byte AnswerLease;

    /// <summary>1 while a revoke is on its way from the silo to the client.</summary>
    public byte Revoke;

    /// <summary>Ticks of the silo's clock until no sub-lease is left that the silo has recorded.</summary>
    public byte RecordUntil;

    /// <summary>A copy that the silo has checked but not yet recorded and sent (only where a mutation parts the two).</summary>
    public byte CheckedRow;

    public byte CheckedLease;

    /// <summary>
    /// The newest version that this client has seen; kept only where that is not already implied by the other guarantees.
    /// </summary>
    public byte Seen;
}
