namespace OrleansCache.Model.State;

/// <summary>The state of a silo's request to the owner.</summary>
internal enum LoadPhase : byte
{
    None,

    /// <summary>The catalog was read for it, but the owner has not processed the row.</summary>
    Reading,

    /// <summary>The silo is registered, and the answer is in flight.</summary>
    Answer,
}

/// <summary>A silo's load in flight, with the lookup that began it.</summary>
internal struct Load
{
    public LoadPhase Phase;
    public byte Owner;
    public byte Row;

    /// <summary>Ticks of the silo's clock since the request; 0 after the grant.</summary>
    public byte AskedAge;

    /// <summary>After the grant: the volume lease that the answer brings.</summary>
    public VolumeLease Lease;

    /// <summary>One more than the ticks until the entry's own end; 0: it has none.</summary>
    public byte Own;

    /// <summary>1 if the row was not read for this request, so that nobody may be answered from it without a volume lease.</summary>
    public byte NeedsLease;

    /// <summary>1 if the book was revoked or released since the request (only used by mutations that accept such a response).</summary>
    public byte Late;

    /// <summary>1: older than what the lookup that began the load must see; 2: older than one lease allows.</summary>
    public byte TooOld;
}
