using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace OrleansCache.Engine.Internals.Tests.Network;

/// <summary>Bytes that somebody else might send.</summary>
internal static class RawFrames
{
    /// <summary>A greeting as a client sends it.</summary>
    public static byte[] Hello => Frame([1, 1, .. Text(TcpSilo.Cluster), .. Text("raw"), .. Text(""), .. Text("raw")]);

    /// <summary>A frame around a body.</summary>
    public static byte[] Frame(byte[] body) => [.. Length(body.Length), .. body];

    /// <summary>The first bytes of a frame that is said to be that long.</summary>
    public static byte[] Length(int length)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        return bytes;
    }

    /// <summary>Greets, and reads the answer to it.</summary>
    public static async Task GreetAsync(Socket socket)
    {
        await socket.SendAsync(Hello);
        var length = new byte[sizeof(int)];
        await ReadAsync(socket, length);
        var welcome = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        await ReadAsync(socket, welcome);
        Assert.Equal(2, welcome[0]);
    }

    /// <summary>Reads until the other end closes.</summary>
    public static async Task ReadToEndAsync(Socket socket)
    {
        var bytes = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(bytes).WaitAsync(TestSupport.Eventually.Bound) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // It was closed while there was something left that it had not read.
        }
    }

    private static async Task ReadAsync(Socket socket, Memory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var read = await socket.ReceiveAsync(bytes).AsTask().WaitAsync(TestSupport.Eventually.Bound);
            Assert.NotEqual(0, read);
            bytes = bytes[read..];
        }
    }

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.UTF8.GetBytes(text)];
}
