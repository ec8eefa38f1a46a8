namespace OrleansCache;

/// <summary>The base of all errors that the cache reports itself.</summary>
[GenerateSerializer, Alias("OrleansCache.BookCacheException")]
public class CacheException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was wrong, with which value, and what to do.</param>
    public CacheException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">What was wrong, with which value, and what to do.</param>
    /// <param name="cause">The error that caused it, if any.</param>
    public CacheException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
