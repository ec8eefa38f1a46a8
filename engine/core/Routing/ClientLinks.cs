using System.Collections.Concurrent;
using OrleansCache.Engine.Directory;
using OrleansCache.Engine.Membership;
using OrleansCache.Engine.Observers;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Routing;

/// <summary>The clients that are connected to this silo, and where the others are.</summary>
internal sealed class ClientLinks(SiloAddress self, ClusterMembership membership, AddressCache addresses, Func<SiloAddress, ISiloControl> silos)
{
    private readonly ConcurrentDictionary<string, Connection> _connections = new();

    public IEnumerable<Connection> All => _connections.Values;

    public Connection? Get(string clientId) => _connections.TryGetValue(clientId, out var connection) && !connection.IsClosed ? connection : null;

    public bool Has(string clientId) => Get(clientId) is not null;

    public void Add(Connection connection)
    {
        if (connection.Peer.ClientId is { } id) _connections[id] = connection;
    }

    public void Remove(Connection connection)
    {
        if (connection.Peer.ClientId is { } id) _connections.TryRemove(KeyValuePair.Create(id, connection));
    }

    /// <summary>A silo that the client is connected to.</summary>
    public async Task<SiloAddress?> FindAsync(string clientId)
    {
        var key = ClientIds.Host(clientId);
        var alive = membership.CurrentSnapshot.Members.Values.Where(member => member.Status is SiloStatus.Active or SiloStatus.ShuttingDown).Select(member => member.SiloAddress).Where(silo => !silo.Equals(self)).ToList();
        if (alive.FirstOrDefault(silo => silo.ToParsableString() == clientId) is { } itself) return itself;
        if (addresses.Get(key) is { } known && alive.Contains(known)) alive = [known, .. alive.Where(silo => !silo.Equals(known))];
        foreach (var silo in alive)
        {
            if (!await IsThereAsync(silo, clientId)) continue;
            addresses.Set(key, silo);
            return silo;
        }

        addresses.Remove(key);
        return null;
    }

    private async Task<bool> IsThereAsync(SiloAddress silo, string clientId)
    {
        try
        {
            return await silos(silo).HasClientAsync(clientId);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            // A silo that is gone has no clients, and one that hangs none that could be reached.
            return false;
        }
    }
}
