namespace OrleansCache.Model.State;

/// <summary>An edit by an author. The catalog records its id, so that a repeated attempt finds <see cref="Row"/>.</summary>
internal struct Edit
{
    public EditStatus Status;

    /// <summary>The version that the edit wrote, 0 before the commit.</summary>
    public byte Row;

    /// <summary>
    /// The version expected by an abandoned commit that is still in flight (compare-and-set); 0 if there is none, or if the slot has a
    /// higher epoch by now.
    /// </summary>
    public byte LateCommitOn;
}
