namespace OrleansCache;

/// <summary>A book that cannot be stored, or a payload that is none.</summary>
[GenerateSerializer, Alias("OrleansCache.InvalidBookException")]
public sealed class InvalidPayloadException : CacheException
{
    /// <summary>Says what was wrong, with which value, and what to do.</summary>
    public InvalidPayloadException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was wrong, and what caused it.</summary>
    public InvalidPayloadException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
