namespace OrleansCache;

/// <summary>
/// Says which row of the catalog a copy was made from. Two copies are the same only if version and tag are: after a
/// restore from a backup the same version number may stand for another edit.
/// </summary>
/// <param name="Version">Counts the edits of the book, its removals among them, from 1; 0 when there was none.</param>
/// <param name="Tag">The id of the edit that wrote the row.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.BookIdentity")]
public readonly record struct RowVersion([property: Id(0)] long Version, [property: Id(1)] Guid Tag)
{
    /// <summary>The identity of a key under which nothing was ever written.</summary>
    public static RowVersion None => default;
}
