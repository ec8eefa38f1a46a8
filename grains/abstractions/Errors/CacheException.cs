namespace OrleansCache;

/// <summary>The base of every error that the cache reports by itself.</summary>
[GenerateSerializer, Alias("OrleansCache.BookCacheException")]
public class CacheException : Exception
{
    /// <summary>Says what was wrong, with which value, and what to do.</summary>
    public CacheException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was wrong, and what caused it.</summary>
    public CacheException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
