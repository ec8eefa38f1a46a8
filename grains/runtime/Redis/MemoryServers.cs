using System.Collections.Concurrent;
using OrleansCache.Entries;

namespace OrleansCache.Redis;

/// <summary>
/// The servers behind <c>memory:NAME</c> connections. Silos of one process that share an instance share the servers, as they
/// would share a Redis. There are as many as topologies name, and they stay: a server outlives the nodes that use it.
/// </summary>
/// <param name="clock">What entries expire by.</param>
/// <param name="settings">How much a server holds.</param>
public sealed class MemoryServers(Clock clock, NodeOptions settings)
{
    private readonly ConcurrentDictionary<string, MemoryServer> _servers = new(StringComparer.Ordinal);

    /// <summary>The server of a name, started when it is asked for the first time.</summary>
    public MemoryServer Get(string name) =>
        _servers.GetOrAdd(name, static (name, servers) => new(name, servers.Clock, servers.Bytes), (Clock: clock, Bytes: settings.MemoryServerBytes));
}
