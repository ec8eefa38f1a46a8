namespace OrleansCache.Books;

/// <summary>The moment of a load at which a test may want something to happen, such as an edit of the book.</summary>
internal interface ILoadPoints
{
    /// <summary>Called when what came was looked at and kept; those who wait for the load are answered when it has ended.</summary>
    Task KeptAsync(string book);
}
