namespace OrleansCache.Model.State;

/// <summary>The state of an edit from its author's point of view.</summary>
internal enum EditStatus : byte
{
    NotBegun,
    UnderWay,
    Unknown,
    Acknowledged,
}

/// <summary>An edit by an author. The catalog records its id, so that a repeated attempt finds <see cref="Row"/>.</summary>
internal struct Edit
{
    public EditStatus Status;

    /// <summary>The version that the edit wrote, 0 before the commit.</summary>
    public byte Row;

    /// <summary>One more than the ticks since the acknowledgement, 0 before it; tracked only if two owners are explored.</summary>
    public byte Age;

    /// <summary>The version expected by an abandoned commit that is still in flight (compare-and-set); 0 if there is none.</summary>
    public byte LateCommitOn;
}
