namespace OrleansCache.Catalogs;

/// <summary>What became of a <see cref="CatalogWrite"/>.</summary>
public enum CatalogWriteOutcome
{
    /// <summary>It is made.</summary>
    Written,

    /// <summary>An edit of this id has been made already, by an earlier call or earlier in the same one; nothing was changed now.</summary>
    MadeBefore,

    /// <summary>The row is not the expected one; nothing was changed.</summary>
    Mismatch,
}
