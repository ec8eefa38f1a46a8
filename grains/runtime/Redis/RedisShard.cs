using StackExchange.Redis;

namespace OrleansCache.Redis;

/// <summary>A primary of a Redis Cluster with its replicas; without a primary, the slots that nobody serves.</summary>
internal sealed record RedisShard(string Name, double Share, IServer? Primary, IReadOnlyList<IServer> Replicas) : NodeShard(Name, Share)
{
    public override bool IsConnected => Primary is { IsConnected: true };

    public override bool HasReplica => Replicas.Any(replica => replica.IsConnected);
}

/// <summary>All servers of a connection without slots: one server, or a primary with its replicas.</summary>
internal sealed record SoleShard(ConnectionMultiplexer Redis) : NodeShard("", 1)
{
    // A node of replicas alone has no primary to lose: it serves reads, and says itself that it takes no writes.
    public override bool IsConnected => Lost is null || Redis.GetServers().Any(server => !server.IsReplica && server.IsConnected);

    public override bool HasReplica => Redis.GetServers().Any(server => server.IsReplica && server.IsConnected);

    /// <summary>A primary that is not connected.</summary>
    public IServer? Lost => Redis.GetServers().FirstOrDefault(server => !server.IsReplica && !server.IsConnected);
}
