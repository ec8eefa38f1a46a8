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
    public override bool HasReplica => Redis.GetServers().Any(server => server.IsReplica && server.IsConnected);
}
