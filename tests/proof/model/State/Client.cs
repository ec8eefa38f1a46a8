namespace OrleansCache.Model.State;

/// <summary>The client process with a near cache, below the first silo, and what that silo has recorded about it.</summary>
internal struct Client
{
    public byte Row;
    public VolumeLease Volume;

    /// <summary>The silo's response in flight to the client; its number is that of the silo and the client together.</summary>
    public byte AnswerRow;

    public VolumeLease Answer;

    public Renewal Renewal;

    /// <summary>1 while a revocation is in flight from the silo to the client.</summary>
    public byte Revoke;

    /// <summary>The silo's record of the client.</summary>
    public Holder Record;

    /// <summary>
    /// An entry that the silo has checked, but not registered and sent (only used by the mutation that separates the two steps).
    /// </summary>
    public byte Checked;

    /// <summary>The newest version that this client has seen; tracked only if G7 is checked.</summary>
    public byte Seen;

    public readonly bool Usable => Row != 0 && Volume.Left > 0;
}
