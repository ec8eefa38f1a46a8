namespace OrleansCache;

/// <summary>A key that cannot be the key of a book.</summary>
[GenerateSerializer, Alias("OrleansCache.InvalidBookKeyException")]
public sealed class InvalidKeyException : CacheException
{
    /// <summary>Says what was wrong, with which value, and what to do.</summary>
    public InvalidKeyException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was wrong, and what caused it.</summary>
    public InvalidKeyException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
