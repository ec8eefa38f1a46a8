namespace OrleansCache;

/// <summary>A configuration of regions or nodes, or a change of one, that is invalid.</summary>
[GenerateSerializer, Alias("OrleansCache.InvalidTopologyException")]
public sealed class InvalidTopologyException : CacheException
{
    /// <inheritdoc cref="CacheException(string)"/>
    public InvalidTopologyException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="CacheException(string, Exception)"/>
    public InvalidTopologyException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
