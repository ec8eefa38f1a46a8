namespace OrleansCache;

/// <summary>The base of every error that the cache reports by itself.</summary>
[GenerateSerializer, Alias("OrleansCache.BookCacheException")]
public class BookCacheException : Exception
{
    /// <summary>Says what was wrong, with which value, and what to do.</summary>
    public BookCacheException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was wrong, and what caused it.</summary>
    public BookCacheException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
