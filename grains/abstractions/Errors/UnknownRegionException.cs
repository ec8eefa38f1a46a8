namespace OrleansCache;

/// <summary>A region that is not configured.</summary>
[GenerateSerializer, Alias("OrleansCache.UnknownRegionException")]
public sealed class UnknownRegionException : CacheException
{
    /// <inheritdoc cref="CacheException(string)"/>
    public UnknownRegionException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="CacheException(string, Exception)"/>
    public UnknownRegionException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
