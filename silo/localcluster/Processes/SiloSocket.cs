using System.Net;
using System.Net.Sockets;

namespace OrleansCache.LocalClusters;

/// <summary>The way to the HTTP server of a silo of a local cluster, which listens on a Unix domain socket.</summary>
internal static class SiloSocket
{
    /// <summary>A client of that server. It follows no redirects, keeps no cookies, and changes no body.</summary>
    public static HttpMessageInvoker Open(string socket) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        MaxConnectionsPerServer = 256,
        ConnectCallback = (_, cancellation) => ConnectAsync(socket, cancellation),
    });

    private static async ValueTask<Stream> ConnectAsync(string socket, CancellationToken cancellation)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation).ConfigureAwait(false);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
