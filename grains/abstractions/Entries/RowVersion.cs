namespace OrleansCache;

/// <summary>
/// Identifies a row of the catalog. Two rows of a key are the same only if version and tag are: after a restore from a backup the same
/// version number may belong to another edit.
/// </summary>
/// <param name="Version">The number of the edit of this key, removals included, from 1; 0 when there was none.</param>
/// <param name="Tag">The id of the edit that wrote the row.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.BookIdentity")]
public readonly record struct RowVersion([property: Id(0)] long Version, [property: Id(1)] Guid Tag)
{
    /// <summary>The version of a key that was never written.</summary>
    public static RowVersion None => default;
}
