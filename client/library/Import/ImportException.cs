namespace OrleansCache.Client.Import;

/// <summary>A file of books cannot be read, or not beyond the line that the message names.</summary>
public sealed class ImportException : CacheException
{
    /// <summary>Makes an error that says what was wrong, with which value, and what to do.</summary>
    public ImportException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with its cause.</summary>
    public ImportException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}
