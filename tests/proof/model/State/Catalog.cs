namespace OrleansCache.Model.State;

/// <summary>
/// The book's row in the database. Every write raises the version and the catalog has a single history, so the version alone is the
/// identity here. Which owner has the slot's epoch is kept with the owners, as <see cref="Owner.Current"/>.
/// </summary>
internal struct Catalog
{
    /// <summary>The committed version.</summary>
    public byte Row;

    /// <summary>The version that plain SQL wrote, 0 before that. Entries with older versions are not revoked for it.</summary>
    public byte SqlRow;

    /// <summary>One more than the ticks since the SQL edit, 0 before it.</summary>
    public byte SqlAge;
}
