using Microsoft.Extensions.Logging;
using OrleansCache.Entries;

namespace OrleansCache.Redis;

/// <summary>Makes nodes: on a server in memory for <c>memory:NAME</c>, on Redis for every other connection string.</summary>
/// <param name="settings">How nodes are treated.</param>
/// <param name="servers">The servers in memory.</param>
/// <param name="clock">The time that budgets and probes go by.</param>
/// <param name="loggers">Where nodes say that they fail and are back.</param>
public sealed class NodeFactory(NodeOptions settings, MemoryServers servers, Clock clock, ILoggerFactory loggers) : INodeFactory
{
    private readonly ILogger _logger = loggers.CreateLogger("OrleansCache.Nodes");

    /// <inheritdoc/>
    public INode Create(NodeDefinition definition)
    {
        INodeStore store;
        string address;
        if (MemoryConnection.NameOf(definition.Connection) is { } server)
        {
            store = new MemoryStore(servers.Get(server));
            address = definition.Connection;
        }
        else
        {
            var connection = RedisConnection.Parse(definition.Connection);
            store = new RedisStore(definition.Name, connection.Options, settings.KeyPrefix, clock.TimeProvider, _logger);
            address = connection.Address;
        }

        return new GuardedNode(definition.Name, address, store, settings, clock.TimeProvider, _logger);
    }

    /// <inheritdoc/>
    public string AddressOf(string connection) => Check(connection);

    /// <summary>Refuses a connection string that cannot be used, and gives its address without user and password.</summary>
    /// <exception cref="InvalidTopologyException">The connection string cannot be used.</exception>
    internal static string Check(string connection) =>
        MemoryConnection.NameOf(connection) is null ? RedisConnection.Parse(connection).Address : connection;
}
