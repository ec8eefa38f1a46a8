namespace OrleansCache;

/// <summary>The catalog could not be read or written.</summary>
[GenerateSerializer, Alias("OrleansCache.CatalogUnavailableException")]
public sealed class CatalogUnavailableException : CacheException
{
    /// <summary>Says what was wrong, with which value, and what to do.</summary>
    public CatalogUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was wrong, and what caused it.</summary>
    public CatalogUnavailableException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
