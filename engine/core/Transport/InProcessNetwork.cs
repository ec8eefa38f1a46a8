using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Orleans.Runtime.Messaging;
using OrleansCache.Engine.Membership;

namespace OrleansCache.Engine.Transport;

/// <summary>The network of one process: who listens where, and the clusters' membership tables. Hosts that share an instance can form a cluster.</summary>
internal sealed class InProcessNetwork : ITransport
{
    private readonly ConcurrentDictionary<IPEndPoint, Listener> _listeners = new();
    private readonly ConcurrentDictionary<string, InProcessMembershipTable> _tables = new();

    public IMembershipTable TableOf(string clusterId) => _tables.GetOrAdd(clusterId, static _ => new InProcessMembershipTable());

    public ValueTask<IDuplexPipe> ConnectAsync(IPEndPoint endpoint, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        if (!_listeners.TryGetValue(endpoint, out var listener)) throw new ConnectionFailedException($"Nobody listens at {endpoint}.");
        var (client, server) = DuplexPipe.CreatePair();
        listener.Accept(server);
        return ValueTask.FromResult<IDuplexPipe>(client);
    }

    public IDisposable Listen(IPEndPoint endpoint, Action<IDuplexPipe> accept)
    {
        var listener = new Listener(this, endpoint, accept);
        if (!_listeners.TryAdd(endpoint, listener)) throw new InvalidOperationException($"Another silo of this process listens at {endpoint}. Give each silo ports of its own.");
        return listener;
    }

    private sealed class Listener(InProcessNetwork network, IPEndPoint endpoint, Action<IDuplexPipe> accept) : IDisposable
    {
        public void Accept(IDuplexPipe pipe) => accept(pipe);

        public void Dispose() => network._listeners.TryRemove(KeyValuePair.Create(endpoint, this));
    }
}
