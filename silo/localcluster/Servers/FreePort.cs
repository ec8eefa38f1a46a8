using System.Net;
using System.Net.Sockets;

namespace OrleansCache.LocalClusters;

/// <summary>Finds ports on the loopback interface.</summary>
public static class FreePort
{
    // Below the ports that systems give to outgoing connections, so that none of those takes the port before it is used.
    private const int First = 20_000;
    private const int Count = 12_000;

    /// <summary>A port that nobody listens on now. Another process may take it before it is used, so its user must cope with that.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = First + Random.Shared.Next(Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Somebody has it; the next try takes another.
                continue;
            }
        }
    }
}
