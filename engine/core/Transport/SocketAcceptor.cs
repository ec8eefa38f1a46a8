using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Engine.Transport;

/// <summary>Takes the connections that come to a listening socket, until it is disposed. An error is one connection's, not the listener's.</summary>
internal sealed partial class SocketAcceptor : IDisposable
{
    /// <summary>Without descriptors or memory, the next attempt would fail at once and the loop would do nothing else.</summary>
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(100);
    private readonly Socket _socket;
    private readonly IPEndPoint _endpoint;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();

    public SocketAcceptor(Socket socket, IPEndPoint endpoint, Action<IDuplexPipe> accept, TimeProvider time, ILogger logger)
    {
        (_socket, _endpoint, _time, _logger) = (socket, endpoint, time, logger);

        // On the thread pool: whoever starts a listener may have a context of its own, and keep it busy.
        Accepting = Task.Run(() => AcceptAsync(accept, _stopping.Token));
    }

    /// <summary>Ends, without an error, when the acceptor is disposed.</summary>
    public Task Accepting { get; }

    public void Dispose()
    {
        _stopping.Cancel();
        _socket.Dispose();
    }

    private async Task AcceptAsync(Action<IDuplexPipe> accept, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            Socket? accepted = null;
            try
            {
                accepted = await _socket.AcceptAsync(stopping);
                accept(new SocketPipe(accepted));
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                accepted?.Dispose();
            }
            catch (Exception exception)
            {
                accepted?.Dispose();
                LogFailed(_endpoint, exception.Message);
                if (accepted is null) await Task.Delay(PauseAfterError, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A connection to {Endpoint} could not be accepted: {Reason}. The listener goes on")]
    private partial void LogFailed(IPEndPoint endpoint, string reason);
}
