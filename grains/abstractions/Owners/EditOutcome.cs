namespace OrleansCache;

/// <summary>What an edit did to the catalog.</summary>
public enum EditOutcome
{
    /// <summary>The catalog held the same already.</summary>
    Unchanged,

    /// <summary>The book is new.</summary>
    Created,

    /// <summary>The book was there with another content, which is now replaced.</summary>
    Updated,

    /// <summary>The book is gone.</summary>
    Removed,

    /// <summary>The catalog does not hold what the author expected; nothing was changed.</summary>
    Conflict,
}
