namespace OrleansCache;

/// <summary>A lookup that nothing could answer; the message names what could not be reached.</summary>
[GenerateSerializer, Alias("OrleansCache.LookupFailedException")]
public sealed class LookupFailedException : CacheException
{
    /// <summary>Says what was wrong, with which value, and what to do.</summary>
    public LookupFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was wrong, and what caused it.</summary>
    public LookupFailedException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
