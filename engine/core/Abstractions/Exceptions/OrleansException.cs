namespace Orleans.Runtime;

/// <summary>An error of the engine itself.</summary>
[GenerateSerializer]
public class OrleansException : Exception
{
    /// <summary>Makes an error without a message of its own.</summary>
    public OrleansException()
        : base("An error of the actor engine.")
    {
    }

    /// <summary>Makes an error.</summary>
    /// <param name="message">What went wrong.</param>
    public OrleansException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error with a cause.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public OrleansException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
