namespace OrleansCache.Catalogs;

/// <summary>What became of a <see cref="CatalogWrite"/>.</summary>
/// <param name="Outcome">Whether it was made.</param>
/// <param name="Identity">The identity that the edit gave the book, now or when it was made first; after a mismatch that of the row in its way.</param>
/// <param name="Row">The row after the write. It may be another edit's by now if this one was made before.</param>
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
