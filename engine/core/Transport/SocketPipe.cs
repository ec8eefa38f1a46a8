using System.IO.Pipelines;
using System.Net.Sockets;

namespace OrleansCache.Engine.Transport;

/// <summary>A socket as a stream of bytes. It is closed when either end of it is completed.</summary>
internal sealed class SocketPipe : IDuplexPipe
{
    private const int ReadSize = 1 << 16;
    private readonly string _remote;

    public SocketPipe(Socket socket)
    {
        socket.NoDelay = true;
        _remote = socket.RemoteEndPoint?.ToString() ?? "nobody";
        var stream = new NetworkStream(socket, ownsSocket: true);
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadSize, minimumReadSize: ReadSize / 4));

        // What is written in one piece goes to the socket as it is; the writer's own buffer stays empty.
        Output = PipeWriter.Create(stream);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public override string ToString() => _remote;
}
