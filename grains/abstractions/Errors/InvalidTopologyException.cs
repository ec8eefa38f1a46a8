namespace OrleansCache;

/// <summary>A change of a region's nodes that cannot be made.</summary>
[GenerateSerializer, Alias("OrleansCache.InvalidTopologyException")]
public sealed class InvalidTopologyException : CacheException
{
    /// <summary>Says what was wrong, with which value, and what to do.</summary>
    public InvalidTopologyException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was wrong, and what caused it.</summary>
    public InvalidTopologyException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
