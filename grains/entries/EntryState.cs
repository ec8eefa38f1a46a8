namespace OrleansCache.Entries;

/// <summary>How far a copy has come in its silo's table.</summary>
internal enum EntryState : byte
{
    /// <summary>It may be used.</summary>
    Kept,

    /// <summary>Its grain has been told to leave; its bytes count until it has.</summary>
    Leaving,

    /// <summary>It is gone.</summary>
    Gone,
}
