namespace OrleansCache.Model.State;

/// <summary>The state of a silo's request to the owner.</summary>
internal enum LoadPhase : byte
{
    None,

    /// <summary>The catalog was read for it, but the owner has not processed the row.</summary>
    Reading,

    /// <summary>The grant is recorded and in flight to the silo.</summary>
    Answer,
}

/// <summary>A silo's load in flight, with the lookup that began it.</summary>
internal struct Load
{
    public LoadPhase Phase;
    public byte Owner;
    public byte Row;

    /// <summary>Ticks of the owner's clock since the read began; 0 after the grant.</summary>
    public byte ReadAge;

    /// <summary>Ticks of the silo's clock since the request; 0 after the grant.</summary>
    public byte AskedAge;

    /// <summary>After the grant: the remaining lease in ticks of the silo's clock.</summary>
    public byte Left;

    /// <summary>1 if the book was revoked since the request (only used by the mutation that accepts such a response).</summary>
    public byte Late;

    /// <summary>1: older than what the lookup that began the load must see; 2: older than one lease allows.</summary>
    public byte TooOld;
}

/// <summary>The state of a silo that concerns this book.</summary>
internal struct Silo
{
    public byte Row;

    /// <summary>The remaining lease of the entry, in ticks of the silo's clock.</summary>
    public byte Lease;

    /// <summary>Ticks of the silo's clock since the revocation whose token it returned; tracked only while the token is valid.</summary>
    public byte SinceRevoke;

    /// <summary>The version that each owner is pushing to this silo, 0 if no push is in flight.</summary>
    public Pair<byte> Pushes;

    /// <summary>A row that was checked but not yet answered (only used by the mutation that separates the two steps).</summary>
    public byte Unanswered;

    public Load Load;
}
