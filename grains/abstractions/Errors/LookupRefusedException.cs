namespace OrleansCache;

/// <summary>More is asked at once than can be answered; this lookup was sent nowhere, so that the others stay fast.</summary>
[GenerateSerializer, Alias("OrleansCache.LookupRefusedException")]
public sealed class LookupRefusedException : CacheException
{
    /// <summary>Says what was full, and what to do.</summary>
    public LookupRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was full, and what caused it.</summary>
    public LookupRefusedException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
