using System.IO.Pipelines;
using System.Net;

namespace OrleansCache.Engine.Transport;

/// <summary>Opens and accepts streams of bytes between hosts.</summary>
internal interface ITransport
{
    /// <exception cref="Orleans.Runtime.Messaging.ConnectionFailedException">Nobody listens there.</exception>
    ValueTask<IDuplexPipe> ConnectAsync(IPEndPoint endpoint, CancellationToken token);

    /// <summary>Listens until the result is disposed. Accepting a stream must not block.</summary>
    /// <exception cref="InvalidOperationException">Somebody else listens there.</exception>
    IDisposable Listen(IPEndPoint endpoint, Action<IDuplexPipe> accept);
}
