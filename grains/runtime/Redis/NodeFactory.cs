using Microsoft.Extensions.Logging;
using OrleansCache.Entries;
using OrleansCache.Timing;

namespace OrleansCache.Redis;

/// <summary>Makes nodes: on a server in memory for <c>memory:NAME</c>, on Redis for every other connection string.</summary>
internal sealed class NodeFactory(
    NodeOptions settings, EntryScope scope, MemoryServers servers, Clock clock, ProcessLag lag, ILoggerFactory loggers) : INodeFactory
{
    private readonly ILogger _logger = loggers.CreateLogger("OrleansCache.Nodes");

    public INode Create(NodeDefinition definition)
    {
        var (name, connection, _) = definition;
        if (MemoryStore.ServerNameIn(connection) is { } server)
            return Guard(new MemoryStore(servers.Get(server)), connection);
        var redis = RedisConnection.ParseNode(connection, settings.Tls);
        return Guard(new RedisStore(name, redis.Options, settings, scope, clock.TimeProvider, _logger), redis.Address);

        GuardedNode Guard(INodeStore store, string address) => new(name, address, store, settings, clock.TimeProvider, lag, _logger);
    }

    public string AddressOf(string connection) => Check(connection);

    /// <summary>Validates a connection string.</summary>
    /// <returns>Its address, without user and password.</returns>
    /// <exception cref="InvalidTopologyException">The connection string is invalid.</exception>
    internal static string Check(string connection) =>
        MemoryStore.ServerNameIn(connection) is null ? RedisConnection.Parse(connection).Address : connection;
}
