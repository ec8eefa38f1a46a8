namespace OrleansCache.Lookups;

/// <summary>The moment of a load at which a test may want something to happen, such as an edit of the book.</summary>
internal interface ILoadPoints
{
    /// <summary>Called when it was looked whether what came may be used; the load goes on when it has ended.</summary>
    Task CheckedAsync(string key);
}
