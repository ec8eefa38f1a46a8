namespace OrleansCache.Model.State;

/// <summary>How far an author's edit has come, as its author knows it.</summary>
internal enum EditStatus : byte
{
    NotBegun,
    UnderWay,
    Unknown,
    Acknowledged,
}

/// <summary>One edit by an author. The catalog remembers its id, so a repeat finds <see cref="Row"/>.</summary>
internal struct Edit
{
    public EditStatus Status;

    /// <summary>The version that the edit became, 0 while it is not committed.</summary>
    public byte Row;

    /// <summary>One more than the ticks since the acknowledgement, 0 before it; kept only where two owners are explored.</summary>
    public byte Age;

    /// <summary>
    /// The version on which a commit that nobody waits for any more still insists (compare-and-set); 0 when there is none in flight.
    /// </summary>
    public byte LateCommitOn;
}
