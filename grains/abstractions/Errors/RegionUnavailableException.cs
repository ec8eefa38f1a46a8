namespace OrleansCache;

/// <summary>A region that has no silo now.</summary>
[GenerateSerializer, Alias("OrleansCache.RegionUnavailableException")]
public sealed class RegionUnavailableException : CacheException
{
    /// <summary>Says what was wrong, with which value, and what to do.</summary>
    public RegionUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was wrong, and what caused it.</summary>
    public RegionUnavailableException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
