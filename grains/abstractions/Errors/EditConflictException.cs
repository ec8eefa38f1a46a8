namespace OrleansCache;

/// <summary>A conditional edit found that somebody else had edited the book since its author saw it; nothing was changed.</summary>
[GenerateSerializer, Alias("OrleansCache.EditConflictException")]
public sealed class EditConflictException : CacheException
{
    /// <summary>Says which book, what was expected, and what is there.</summary>
    public EditConflictException(string message)
        : base(message)
    {
    }

    /// <summary>Says which book, what was expected, and what is there.</summary>
    public EditConflictException(string message, RowVersion current)
        : base(message) => Current = current;

    /// <summary>What the book is now.</summary>
    [Id(0)]
    public RowVersion Current { get; set; }
}
