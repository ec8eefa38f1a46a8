namespace OrleansCache.Proof.Histories;

/// <summary>What a call asks for.</summary>
public enum CallKind
{
    /// <summary>A lookup.</summary>
    Read,

    /// <summary>An edit through the cache that gives the book a new content.</summary>
    Put,

    /// <summary>An edit through the cache that removes the book.</summary>
    Remove,

    /// <summary>An edit made directly in the database that gives the book a new content.</summary>
    SqlPut,

    /// <summary>An edit made directly in the database that removes the book.</summary>
    SqlRemove,
}
