namespace OrleansCache;

/// <summary>A region that is not configured.</summary>
[GenerateSerializer, Alias("OrleansCache.UnknownRegionException")]
public sealed class UnknownRegionException : CacheException
{
    /// <summary>Says what was wrong, with which value, and what to do.</summary>
    public UnknownRegionException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was wrong, and what caused it.</summary>
    public UnknownRegionException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
