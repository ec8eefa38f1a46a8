using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Redis;

namespace OrleansCache.Topology;

/// <summary>
/// The stored topology, in which nodes whose connections are in the settings have a reference to them: the settings stay the place where a
/// server's address and password are changed, and the catalog has neither.
/// </summary>
internal sealed partial class SettingsTopology(ITopologyStore store, IOptions<CacheOptions> options, ILogger<SettingsTopology> logger)
{
    /// <summary>What a stored connection begins with that is another one's in the settings; the name of that node follows.</summary>
    public const string Reference = "settings:";

    /// <summary>The nodes of a region in the settings.</summary>
    public ImmutableArray<NodeDefinition> Configured(string region) =>
        [.. options.Value.Regions.First(known => known.Name == region).Nodes.Select(node => node.ToDefinition())];

    /// <inheritdoc cref="ITopologyStore.ReadTopologyAsync"/>
    public async Task<StoredTopology?> ReadAsync(string region, CancellationToken cancellation)
    {
        if (await store.ReadTopologyAsync(region, cancellation) is not { } stored)
            return null;
        var configured = Configured(region);
        return stored with { Nodes = [.. stored.Nodes.Select(Resolve).OfType<NodeDefinition>()] };

        NodeDefinition? Resolve(NodeDefinition node)
        {
            if (!node.Connection.StartsWith(Reference, StringComparison.Ordinal))
                return node;
            var name = node.Connection[Reference.Length..];
            if (configured.FirstOrDefault(known => known.Name == name) is { } found)
                return node with { Connection = found.Connection };
            LogGone(region, node.Name, name);
            return null;
        }
    }

    /// <inheritdoc cref="ITopologyStore.WriteTopologyAsync"/>
    public Task<bool> WriteAsync(string region, StoredTopology topology, CancellationToken cancellation)
    {
        var configured = Configured(region);
        return store.WriteTopologyAsync(region, topology with { Nodes = [.. topology.Nodes.Select(Refer)] }, cancellation);

        NodeDefinition Refer(NodeDefinition node) => configured.FirstOrDefault(known => known.Connection == node.Connection) is { } found
            ? node with { Connection = Reference + found.Name }
            : node;
    }

    /// <summary>
    /// A connection as an operator gives it: that of a node of the settings by a reference, or one without a password in clear.
    /// </summary>
    /// <exception cref="InvalidTopologyException">The settings have no such node, or the password is in clear.</exception>
    public string Given(string region, string connection)
    {
        var configured = Configured(region);
        if (connection.StartsWith(Reference, StringComparison.Ordinal))
        {
            var name = connection[Reference.Length..];
            return configured.FirstOrDefault(known => known.Name == name)?.Connection ?? throw new InvalidTopologyException(
                $"The settings of {region} have no node \"{name}\"; they have "
                + $"{string.Join(", ", configured.Select(known => known.Name))}.");
        }

        if (configured.All(known => known.Connection != connection) && RedisConnection.HasPassword(connection))
        {
            throw new InvalidTopologyException(
                "The connection string has a password in clear, and the catalog keeps connection strings: give the password by reference, "
                + "password=${env:NAME} or password=${file:PATH}, which each silo of the region reads for itself.");
        }

        return connection;
    }

    [LoggerMessage(EventId = 1430, Level = LogLevel.Warning, Message =
        "Node {Node} of {Region} was kept with the connection of the node {Name} of the settings, which have it no more; it is left out")]
    private partial void LogGone(string region, string node, string name);
}
