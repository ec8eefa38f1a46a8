namespace OrleansCache;

/// <summary>A key that breaks the rules of <see cref="CacheKey"/>.</summary>
[GenerateSerializer, Alias("OrleansCache.InvalidBookKeyException")]
public sealed class InvalidKeyException : CacheException
{
    /// <inheritdoc cref="CacheException(string)"/>
    public InvalidKeyException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="CacheException(string, Exception)"/>
    public InvalidKeyException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
