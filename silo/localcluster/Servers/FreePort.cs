using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansCache.LocalClusters;

/// <summary>Finds free ports on the loopback interface.</summary>
internal static class FreePort
{
    // Below the ports that systems give to outgoing connections, so that none of those takes the port before it is used.
    private const int First = 20_000;
    private const int Count = 12_000;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>
    /// A port on which nobody listens now and which this method has not returned before: servers start to listen later. Another process
    /// may take it before it is used, so the caller must handle that.
    /// </summary>
    public static int Find()
    {
        while (true)
        {
            // Ports become free again; a process that runs long enough to get half of them starts over.
            if (Given.Count > Count / 2)
                Given.Clear();
            var port = First + Random.Shared.Next(Count);
            if (IsFree(port) && Given.TryAdd(port, true))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
