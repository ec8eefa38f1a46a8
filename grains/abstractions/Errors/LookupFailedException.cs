namespace OrleansCache;

/// <summary>A lookup that no region could answer; the message names what could not be reached.</summary>
[GenerateSerializer, Alias("OrleansCache.LookupFailedException")]
public sealed class LookupFailedException : CacheException
{
    /// <inheritdoc cref="CacheException(string)"/>
    public LookupFailedException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="CacheException(string, Exception)"/>
    public LookupFailedException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
