namespace OrleansCache;

/// <summary>What storing a book did to the catalog.</summary>
public enum StoreOutcome
{
    /// <summary>The catalog held the same book already.</summary>
    Unchanged,

    /// <summary>The book is new.</summary>
    Created,

    /// <summary>The book was there with another content, which is now replaced.</summary>
    Updated,
}
