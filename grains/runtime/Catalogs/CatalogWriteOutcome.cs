namespace OrleansCache.Catalogs;

/// <summary>The outcome of a <see cref="CatalogWrite"/>.</summary>
public enum CatalogWriteOutcome
{
    /// <summary>It was made.</summary>
    Written,

    /// <summary>A write with this id was made before, by an earlier call or earlier in the same one; nothing was changed now.</summary>
    MadeBefore,

    /// <summary>The row is not the expected one; nothing was changed.</summary>
    Mismatch,
}
