namespace OrleansCache;

/// <summary>A book that cannot be stored, or a payload that cannot be decoded.</summary>
[GenerateSerializer, Alias("OrleansCache.InvalidBookException")]
public sealed class InvalidPayloadException : CacheException
{
    /// <inheritdoc cref="CacheException(string)"/>
    public InvalidPayloadException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="CacheException(string, Exception)"/>
    public InvalidPayloadException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
