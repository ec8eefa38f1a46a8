using System.Net.Sockets;
using System.Text;

namespace OrleansCache.Http.Tests.Servers;

/// <summary>Sends what no HTTP library would.</summary>
internal static class RawRequest
{
    /// <summary>Sends a text, and reads what is answered until the server closes the connection.</summary>
    /// <param name="server">The server.</param>
    /// <param name="text">The request, with <c>\n</c> at the end of each line.</param>
    public static async Task<string> SendAsync(TestServer server, string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal)));
            return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch (IOException)
        {
            // The server has answered and closed the connection before it had read everything.
            return "closed";
        }
    }

    /// <summary>Sends a GET request with a target as it is.</summary>
    public static Task<string> GetAsync(TestServer server, string target, string headers = "") =>
        SendAsync(server, $"GET {target} HTTP/1.1\nHost: {server.Address.Authority}\nConnection: close\n{headers}\n");
}
