namespace OrleansCache;

/// <summary>A book that cannot be stored, or a payload that is none.</summary>
[GenerateSerializer, Alias("OrleansCache.InvalidBookException")]
public sealed class InvalidBookException : BookCacheException
{
    /// <summary>Says what was wrong, with which value, and what to do.</summary>
    public InvalidBookException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was wrong, and what caused it.</summary>
    public InvalidBookException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
