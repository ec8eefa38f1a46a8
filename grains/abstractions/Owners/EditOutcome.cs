namespace OrleansCache;

/// <summary>What an edit did to the catalog.</summary>
public enum EditOutcome
{
    /// <summary>The catalog had the same content already.</summary>
    Unchanged,

    /// <summary>The book was created.</summary>
    Created,

    /// <summary>The content of an existing book was replaced.</summary>
    Updated,

    /// <summary>The book was removed.</summary>
    Removed,

    /// <summary>The catalog does not have the expected version; nothing was changed.</summary>
    Conflict,
}
