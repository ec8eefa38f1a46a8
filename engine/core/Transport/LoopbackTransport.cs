using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Orleans.Runtime.Messaging;

namespace OrleansCache.Engine.Transport;

/// <summary>Memory to hosts that share the network, TCP on the loopback interface to and from others.</summary>
internal sealed class LoopbackTransport(InProcessNetwork network) : ITransport
{
    public async ValueTask<IDuplexPipe> ConnectAsync(IPEndPoint endpoint, CancellationToken token)
    {
        if (network.HasListener(endpoint)) return await network.ConnectAsync(endpoint, token);
        if (!IPAddress.IsLoopback(endpoint.Address)) throw new ConnectionFailedException($"{endpoint} is not on this machine, which is as far as this engine goes.");
        var socket = NewSocket(endpoint);
        try
        {
            await socket.ConnectAsync(endpoint, token);
            return PipeOver(socket);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new ConnectionFailedException($"{endpoint} cannot be reached: {exception.Message}", exception);
        }
    }

    public IDisposable Listen(IPEndPoint endpoint, Action<IDuplexPipe> accept)
    {
        var inMemory = network.Listen(endpoint, accept);
        var socket = NewSocket(endpoint);
        try
        {
            socket.Bind(endpoint);
            socket.Listen();
            return new Listener(inMemory, socket, accept);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            inMemory.Dispose();
            throw new InvalidOperationException($"Cannot listen at {endpoint}: {exception.Message}. Choose another port.", exception);
        }
    }

    private static Socket NewSocket(IPEndPoint endpoint) => new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private static DuplexPipe PipeOver(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: true);
        return new DuplexPipe(PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1 << 16)), PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: 1 << 14)));
    }

    private sealed class Listener : IDisposable
    {
        private readonly IDisposable _inMemory;
        private readonly Socket _socket;

        public Listener(IDisposable inMemory, Socket socket, Action<IDuplexPipe> accept)
        {
            (_inMemory, _socket) = (inMemory, socket);
            Accepting = AcceptAsync(accept);
        }

        /// <summary>Ends, without an error, when the listener is disposed.</summary>
        public Task Accepting { get; }

        public void Dispose()
        {
            _inMemory.Dispose();
            _socket.Dispose();
        }

        private async Task AcceptAsync(Action<IDuplexPipe> accept)
        {
            try
            {
                while (true)
                {
                    var accepted = await _socket.AcceptAsync();
                    accepted.NoDelay = true;
                    accept(PipeOver(accepted));
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The listener was disposed.
            }
        }
    }
}
