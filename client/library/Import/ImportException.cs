namespace OrleansCache.Client.Import;

/// <summary>A file of books that cannot be read on: nothing can be made of it from the line that the message names.</summary>
public sealed class ImportException : CacheException
{
    /// <summary>Says what was wrong, with which value, and what to do.</summary>
    public ImportException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was wrong, and what caused it.</summary>
    public ImportException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
