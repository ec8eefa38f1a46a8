using System.Net.Sockets;
using Orleans.Runtime.Messaging;

namespace OrleansCache.Engine.Transport;

/// <summary>The silo's endpoint is nobody's any more, or another silo's: on one machine that is proof that it has ended.</summary>
internal sealed class SiloGoneException(string message) : ConnectionFailedException(message)
{
    /// <summary>Whether a failure to connect is such a proof, and not only silence.</summary>
    public static bool IsProvenBy(ConnectionFailedException failure) =>
        failure is SiloGoneException || failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
}
