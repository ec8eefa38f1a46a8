namespace OrleansCache;

/// <summary>A node that did not answer within its budget, or is not asked now because it has failed repeatedly.</summary>
[GenerateSerializer, Alias("OrleansCache.NodeUnavailableException")]
public sealed class NodeUnavailableException : CacheException
{
    /// <summary>Says what was wrong, with which value, and what to do.</summary>
    public NodeUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was wrong, and what caused it.</summary>
    public NodeUnavailableException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
