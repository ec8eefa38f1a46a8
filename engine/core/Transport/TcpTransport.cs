using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Messaging;

namespace OrleansCache.Engine.Transport;

/// <summary>TCP on the loopback interface, which is as far as this engine goes.</summary>
internal sealed class TcpTransport(TimeProvider time, ILogger<TcpTransport> logger) : ITransport
{
    /// <summary>A stopped process's kernel takes connections until its backlog is full, and then says nothing at all.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);

    public async ValueTask<IDuplexPipe> ConnectAsync(IPEndPoint endpoint, CancellationToken token)
    {
        if (Objection(endpoint) is { } objection) throw new ConnectionFailedException(objection);
        using var limit = new CancellationTokenSource(ConnectLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        var socket = NewSocket(endpoint);
        try
        {
            await socket.ConnectAsync(endpoint, either.Token);
            return new SocketPipe(socket);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            socket.Dispose();
            throw new ConnectionFailedException($"{endpoint} cannot be reached: no answer within {ConnectLimit.TotalSeconds:0} s.");
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new ConnectionFailedException($"{endpoint} cannot be reached: {exception.Message}.", exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public IDisposable Listen(IPEndPoint endpoint, Action<IDuplexPipe> accept)
    {
        if (Objection(endpoint) is { } objection) throw new OrleansConfigurationException(objection);
        var socket = NewSocket(endpoint);
        try
        {
            socket.Bind(endpoint);
            socket.Listen();
            return new SocketAcceptor(socket, endpoint, accept, time, logger);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new InvalidOperationException($"Cannot listen at {endpoint}: {exception.Message}. Choose another port.", exception);
        }
    }

    /// <summary>Why there can be no connection to or from that address; null when there can.</summary>
    private static string? Objection(IPEndPoint endpoint) => IPAddress.IsLoopback(endpoint.Address)
        ? null
        : $"{endpoint} is not on the loopback interface, and the engine 'bundled' goes no further: it neither encrypts nor asks who calls. Use {IPAddress.Loopback}, or build with -p:OrleansEngine=microsoft for a cluster of several machines.";

    private static Socket NewSocket(IPEndPoint endpoint) => new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
}
