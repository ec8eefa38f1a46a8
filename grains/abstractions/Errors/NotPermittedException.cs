namespace OrleansCache;

/// <summary>The caller may not do this; nothing was changed.</summary>
[GenerateSerializer, Alias("OrleansCache.NotPermittedException")]
public sealed class NotPermittedException : CacheException
{
    /// <inheritdoc cref="CacheException(string)"/>
    public NotPermittedException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="CacheException(string, Exception)"/>
    public NotPermittedException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
