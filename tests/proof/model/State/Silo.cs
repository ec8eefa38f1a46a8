namespace OrleansCache.Model.State;

/// <summary>The state of a silo that concerns this book.</summary>
internal struct Silo
{
    /// <summary>
    /// The entry, 0 if there is none. It belongs to <see cref="Volume"/>: what a later generation suspends counts as gone, because it is
    /// used again only after the owner has confirmed it, which is a grant.
    /// </summary>
    public byte Row;

    /// <summary>One more than the ticks until the entry's own end; 0: it has none.</summary>
    public byte Own;

    public VolumeLease Volume;
    public Load Load;
    public Renewal Renewal;

    /// <summary>One more than the owner to which a release is in flight; 0: none is, or it will be ignored.</summary>
    public byte Release;

    /// <summary>
    /// One more than the owner to which the confirmation of a drop is in flight; 0: none is (only used by a mutation).
    /// </summary>
    public byte Confirms;

    /// <summary>What each owner is pushing to this silo.</summary>
    public Pair<Push> Pushes;

    /// <summary>A row that was checked but not yet answered (only used by the mutation that separates the two steps).</summary>
    public byte Unanswered;

    public readonly bool Usable => Row != 0 && Volume.Left > 0;
}
