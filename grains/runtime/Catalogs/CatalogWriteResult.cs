namespace OrleansCache.Catalogs;

/// <summary>The result of a <see cref="CatalogWrite"/>.</summary>
/// <param name="Outcome">Whether it was made.</param>
/// <param name="Identity">
/// The identity that the write gave the row, now or when it was first made; after a mismatch the current one.
/// </param>
/// <param name="Row">The row after the write. If the write was made before, later writes may have changed it.</param>
public readonly record struct CatalogWriteResult(CatalogWriteOutcome Outcome, RowVersion Identity, CachedRow Row)
{
    internal static CatalogWriteResult Written(CatalogWrite write)
    {
        var identity = new RowVersion(write.Expected.Version + 1, write.Id);
        return new(CatalogWriteOutcome.Written, identity, new(write.Key, identity, write.Payload));
    }

    internal static CatalogWriteResult MadeBefore(CatalogWrite write, long version, CachedRow row) =>
        new(CatalogWriteOutcome.MadeBefore, new(version, write.Id), row);

    internal static CatalogWriteResult Mismatch(CachedRow row) => new(CatalogWriteOutcome.Mismatch, row.Identity, row);
}
