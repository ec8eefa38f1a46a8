namespace OrleansCache;

/// <summary>A region has no active silo.</summary>
[GenerateSerializer, Alias("OrleansCache.RegionUnavailableException")]
public sealed class RegionUnavailableException : CacheException
{
    /// <inheritdoc cref="CacheException(string)"/>
    public RegionUnavailableException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="CacheException(string, Exception)"/>
    public RegionUnavailableException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
