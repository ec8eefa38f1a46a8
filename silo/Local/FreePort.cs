using System.Net;
using System.Net.Sockets;

namespace OrleansCache.Silo.Local;

/// <summary>Finds ports on the loopback interface.</summary>
public static class FreePort
{
    /// <summary>A port that nobody listens on now. Another process may take it before it is used, so its user must cope with that.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
