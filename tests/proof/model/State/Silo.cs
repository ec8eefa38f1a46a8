namespace OrleansCache.Model.State;

/// <summary>Where a silo's request to the owner is.</summary>
internal enum LoadPhase : byte
{
    None,

    /// <summary>The catalog was read for it; the owner has not looked at the row yet.</summary>
    Reading,

    /// <summary>The grant is recorded and on its way to the silo.</summary>
    Answer,
}

/// <summary>A load in flight of one silo, with the lookup that began it.</summary>
internal struct Load
{
    public LoadPhase Phase;
    public byte Owner;
    public byte Row;

    /// <summary>Ticks of the owner's clock since the read began; after the grant 0.</summary>
    public byte ReadAge;

    /// <summary>Ticks of the silo's clock since it asked; after the grant 0.</summary>
    public byte AskedAge;

    /// <summary>After the grant: ticks of the silo's clock that the lease still has.</summary>
    public byte Left;

    /// <summary>1 when the book was revoked since the silo asked (only kept where a mutation lets such an answer in).</summary>
    public byte Late;

    /// <summary>1: older than what the lookup that began the load must see; 2: older than one lease allows.</summary>
    public byte TooOld;
}

/// <summary>A silo: its table of copies, as much of it as concerns this one book.</summary>
internal struct Silo
{
    public byte Row;

    /// <summary>Ticks of the silo's clock that the copy may still answer.</summary>
    public byte Lease;

    /// <summary>
    /// Ticks of the silo's clock since the revoke whose token it gave away; kept only while that token is worth something.
    /// </summary>
    public byte SinceRevoke;

    /// <summary>The version that each owner pushes to this silo, 0 when no push is in flight.</summary>
    public Pair<byte> Pushes;

    /// <summary>A row that was checked but not yet answered (only where a mutation parts the two).</summary>
    public byte Unanswered;

    public Load Load;
}
