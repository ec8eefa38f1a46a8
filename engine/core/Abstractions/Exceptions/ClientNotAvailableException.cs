namespace Orleans.Runtime;

/// <summary>The client that hosts an observer is not connected to the cluster.</summary>
[GenerateSerializer]
public sealed class ClientNotAvailableException : OrleansException
{
    internal ClientNotAvailableException(string message)
        : base(message)
    {
    }
}
