namespace OrleansCache.Entries;

/// <summary>Why a copy must leave memory.</summary>
public enum EvictionReason
{
    /// <summary>Its time to live ended.</summary>
    Expired,

    /// <summary>Others were used more recently, and the budget is full.</summary>
    LeastRecentlyUsed,

    /// <summary>The book was changed.</summary>
    Revoked,
}
