namespace OrleansCache;

/// <summary>A node did not respond within its budget, its circuit is open, or too many calls to it are in flight.</summary>
[GenerateSerializer, Alias("OrleansCache.NodeUnavailableException")]
internal sealed class NodeUnavailableException : CacheException
{
    /// <inheritdoc cref="CacheException(string)"/>
    public NodeUnavailableException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="CacheException(string, Exception)"/>
    public NodeUnavailableException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
