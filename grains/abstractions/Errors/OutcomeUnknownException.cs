namespace OrleansCache;

/// <summary>
/// A change was sent to the catalog and the answer was lost: it may have been made or not. Making it again is safe; what has been
/// made already is then found unchanged.
/// </summary>
[GenerateSerializer, Alias("OrleansCache.OutcomeUnknownException")]
public sealed class OutcomeUnknownException : CacheException
{
    /// <summary>Says what was lost, with which value, and what to do.</summary>
    public OutcomeUnknownException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was lost, and what caused it.</summary>
    public OutcomeUnknownException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
