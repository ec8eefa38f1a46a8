namespace OrleansCache;

/// <summary>
/// A write was sent to the catalog and the response was lost, so it may have been committed or not. Repeating the edit is safe: a write
/// that was committed is recognized.
/// </summary>
[GenerateSerializer, Alias("OrleansCache.OutcomeUnknownException")]
public sealed class OutcomeUnknownException : CacheException
{
    /// <inheritdoc cref="CacheException(string)"/>
    public OutcomeUnknownException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="CacheException(string, Exception)"/>
    public OutcomeUnknownException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
