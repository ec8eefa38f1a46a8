namespace OrleansCache.Model.State;

/// <summary>
/// The database's row of the one book. Every write raises the version, so the version alone is the identity here: the catalog has one
/// history.
/// </summary>
internal struct Catalog
{
    /// <summary>The version that is committed now.</summary>
    public byte Row;

    /// <summary>Ticks since the row changed, up to a lease; kept only where it decides whether a new owner may grant it.</summary>
    public byte Rested;

    /// <summary>The version that plain SQL wrote, 0 before it did: nobody was asked to give up older copies then.</summary>
    public byte SqlRow;

    /// <summary>One more than the ticks since the SQL edit, 0 before it.</summary>
    public byte SqlAge;
}
