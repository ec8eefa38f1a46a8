namespace Orleans.Runtime.Messaging;

/// <summary>A connection could not be opened.</summary>
[GenerateSerializer]
public class ConnectionFailedException : OrleansException
{
    /// <summary>Makes an error without a message of its own.</summary>
    public ConnectionFailedException()
    {
    }

    /// <summary>Makes an error.</summary>
    /// <param name="message">What went wrong.</param>
    public ConnectionFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public ConnectionFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
