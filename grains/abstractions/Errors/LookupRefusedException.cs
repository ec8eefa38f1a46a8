namespace OrleansCache;

/// <summary>A lookup that was refused by admission control before it was sent, because too many are in progress.</summary>
[GenerateSerializer, Alias("OrleansCache.LookupRefusedException")]
public sealed class LookupRefusedException : CacheException
{
    /// <inheritdoc cref="CacheException(string)"/>
    public LookupRefusedException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="CacheException(string, Exception)"/>
    public LookupRefusedException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
