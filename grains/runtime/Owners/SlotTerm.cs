namespace OrleansCache.Owners;

/// <summary>The time of one owner of a slot, from the raise of the slot's epoch until the next one.</summary>
/// <param name="epoch">The epoch, as this owner has raised it.</param>
/// <param name="raisedAt">
/// A moment after the raise, in milliseconds of the clock: leases of predecessors count from before it.
/// </param>
/// <param name="anchor">The start of the first read of the change feed since.</param>
internal sealed class SlotTerm(long epoch, long raisedAt, long anchor)
{
    /// <summary>The epoch, which is a part of the generations of all volume leases of this term.</summary>
    public long Epoch { get; } = epoch;

    /// <summary>The moment from which the leases of predecessors last one lease at most.</summary>
    public long RaisedAt => raisedAt;

    /// <summary>Whether the slot had no owner before, so that nobody can have leases of one.</summary>
    public bool IsFirst => Epoch == 1;

    /// <summary>The start of the last read of the change feed that was worked off: all volume leases count from it.</summary>
    public long Anchor { get; set; } = anchor;

    /// <summary>The epoch under which writes are made; this owner raises it after a write of unknown outcome.</summary>
    public long WriteEpoch { get; set; } = epoch;
}
