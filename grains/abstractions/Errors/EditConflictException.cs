namespace OrleansCache;

/// <summary>The condition of an edit did not hold: the entry was changed since its author read it. Nothing was written.</summary>
[GenerateSerializer, Alias("OrleansCache.EditConflictException")]
public sealed class EditConflictException : CacheException
{
    /// <inheritdoc cref="CacheException(string)"/>
    public EditConflictException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error.</summary>
    /// <param name="message">Which key, which version was expected, and what to do.</param>
    /// <param name="current">The version of the entry now.</param>
    public EditConflictException(string message, RowVersion current)
        : base(message) => Current = current;

    /// <summary>The version of the entry now.</summary>
    [Id(0)]
    public RowVersion Current { get; set; }
}
