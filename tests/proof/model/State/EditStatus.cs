namespace OrleansCache.Model.State;

/// <summary>The state of an edit from its author's point of view.</summary>
internal enum EditStatus : byte
{
    NotBegun,
    UnderWay,
    Unknown,
    Acknowledged,
}
