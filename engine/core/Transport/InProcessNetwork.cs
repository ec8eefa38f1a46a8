using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using OrleansCache.Engine.Membership;

namespace OrleansCache.Engine.Transport;

/// <summary>The network of one process: who listens where, and the clusters' membership tables. Hosts that share an instance can form a cluster.</summary>
internal sealed class InProcessNetwork : ITransport
{
    private readonly ConcurrentDictionary<IPEndPoint, Listener> _listeners = new();
    private readonly ConcurrentDictionary<string, InProcessMembershipTable> _tables = new();

    private readonly ConcurrentDictionary<Gateway, string> _gateways = new();
    private readonly Lock _gate = new();
    private int _lastGeneration;

    /// <summary>The gateways of a cluster's silos that run now.</summary>
    public IReadOnlyCollection<IPEndPoint> GatewaysOf(string clusterId) => [.. _gateways.Keys.Where(gateway => gateway.ClusterId == clusterId).Select(gateway => gateway.Endpoint)];

    /// <summary>Lets clients know a gateway until the result is disposed.</summary>
    public IDisposable AnnounceGateway(string clusterId, IPEndPoint endpoint)
    {
        var gateway = new Gateway(this, clusterId, endpoint);
        _gateways[gateway] = clusterId;
        return gateway;
    }

    /// <summary>A generation later than any before, even of a silo that started in the same second.</summary>
    public int NextGeneration(TimeProvider time)
    {
        lock (_gate) return _lastGeneration = Math.Max(_lastGeneration + 1, SiloAddress.NewGeneration(time));
    }

    public IMembershipTable TableOf(string clusterId) => _tables.GetOrAdd(clusterId, static _ => new InProcessMembershipTable());

    /// <summary>Whether a silo of this process has the cluster's table.</summary>
    public bool HasTableOf(string clusterId) => _tables.ContainsKey(clusterId);

    public bool HasListener(IPEndPoint endpoint) => _listeners.ContainsKey(endpoint);

    public ValueTask<IDuplexPipe> ConnectAsync(IPEndPoint endpoint, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        if (!_listeners.TryGetValue(endpoint, out var listener)) throw new SiloGoneException($"Nobody listens at {endpoint}.");
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

    private sealed class Gateway(InProcessNetwork network, string clusterId, IPEndPoint endpoint) : IDisposable
    {
        public string ClusterId => clusterId;

        public IPEndPoint Endpoint => endpoint;

        public void Dispose() => network._gateways.TryRemove(this, out _);
    }

    private sealed class Listener(InProcessNetwork network, IPEndPoint endpoint, Action<IDuplexPipe> accept) : IDisposable
    {
        public void Accept(IDuplexPipe pipe) => accept(pipe);

        public void Dispose() => network._listeners.TryRemove(KeyValuePair.Create(endpoint, this));
    }
}
