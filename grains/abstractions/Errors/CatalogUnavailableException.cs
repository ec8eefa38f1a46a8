namespace OrleansCache;

/// <summary>The catalog could not be read or written.</summary>
[GenerateSerializer, Alias("OrleansCache.CatalogUnavailableException")]
public sealed class CatalogUnavailableException : CacheException
{
    /// <inheritdoc cref="CacheException(string)"/>
    public CatalogUnavailableException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="CacheException(string, Exception)"/>
    public CatalogUnavailableException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
