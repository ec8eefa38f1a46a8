namespace OrleansCache.Proof.Histories;

/// <summary>The kinds of calls.</summary>
public enum CallKind
{
    /// <summary>A lookup.</summary>
    Read,

    /// <summary>An edit through the cache that writes a new content.</summary>
    Put,

    /// <summary>An edit through the cache that removes the book.</summary>
    Remove,

    /// <summary>An edit directly in the database that writes a new content.</summary>
    SqlPut,

    /// <summary>An edit directly in the database that removes the book.</summary>
    SqlRemove,
}
