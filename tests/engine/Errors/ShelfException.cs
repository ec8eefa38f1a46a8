namespace OrleansCache.Engine.Tests.Errors;

/// <summary>An error that can be sent: it keeps its type and its own data.</summary>
[GenerateSerializer, Alias("OrleansCache.Engine.Tests.ShelfException")]
public sealed class ShelfException : Exception
{
    /// <summary>An error without anything.</summary>
    public ShelfException()
    {
    }

    /// <summary>An error with a message.</summary>
    public ShelfException(string message) : base(message)
    {
    }

    /// <summary>An error with a cause.</summary>
    public ShelfException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Data of its own.</summary>
    [Id(0)]
    public string Shelf { get; init; } = "";

    /// <summary>More of it.</summary>
    [Id(1)]
    public int Row { get; init; }
}
