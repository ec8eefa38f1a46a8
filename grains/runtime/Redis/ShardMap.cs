using System.Net;
using StackExchange.Redis;

namespace OrleansCache.Redis;

/// <summary>
/// Which shard serves which slot, as a connection's servers tell it. The library has a map of its own, but sends calls for a lost primary
/// to other servers; this one says which primary is meant. It follows redirections at once, and is read again when they come.
/// </summary>
internal sealed class ShardMap : IDisposable
{
    private const int Slots = 16_384;
    private const string Nobody = "slots without a server";

    private readonly ConnectionMultiplexer _redis;
    private readonly NodeShard _sole;
    private readonly Lock _gate = new();
    private volatile View _view;
    private volatile Task _refreshing = Task.CompletedTask;
    private volatile bool _isOutdated;
    private int _turn;

    public ShardMap(ConnectionMultiplexer redis)
    {
        _redis = redis;
        _sole = new SoleShard(redis);
        _view = new([_sole], null);
        _redis.HashSlotMoved += SlotMoved;
        _redis.ConfigurationChanged += Changed;
    }

    /// <summary>All shards, sorted by name; one when the servers are no cluster.</summary>
    public IReadOnlyList<NodeShard> Shards => _view.Shards;

    /// <summary>The shard of a key in Redis.</summary>
    public NodeShard Of(RedisKey key)
    {
        if (_view.BySlot is not { } slots)
            return _sole;
        if (_isOutdated && _refreshing.IsCompleted)
            _ = RefreshAsync();
        return slots[_redis.HashSlot(key) is >= 0 and var slot ? slot : 0];
    }

    /// <summary>Reads the map from one of the connected servers; another one each time, because one may hang or be cut off.</summary>
    public Task RefreshAsync()
    {
        lock (_gate)
        {
            if (_refreshing.IsCompleted)
                _refreshing = ReadAsync();
            return _refreshing;
        }
    }

    public void Dispose()
    {
        _redis.HashSlotMoved -= SlotMoved;
        _redis.ConfigurationChanged -= Changed;
    }

    private async Task ReadAsync()
    {
        IServer[] servers = [.. _redis.GetServers().Where(server => server.IsConnected && server.ServerType == ServerType.Cluster)];
        if (servers.Length == 0)
            return;
        _isOutdated = false;
        try
        {
            var nodes = await servers[(int)((uint)_turn++ % (uint)servers.Length)].ClusterNodesAsync().ConfigureAwait(false);
            if (nodes is not null)
                _view = ViewOf(nodes);
        }
        catch (Exception error) when (error is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException)
        {
            // The next one asks another server; until then the map is as it was.
            _isOutdated = true;
        }
    }

    private View ViewOf(ClusterConfiguration nodes)
    {
        var slots = new NodeShard[Slots];
        var shards = new List<NodeShard>();
        foreach (var node in nodes.Nodes.Where(node => !node.IsReplica && node.Slots.Count > 0))
        {
            var replicas = nodes.Nodes.Where(other => other.IsReplica && other.ParentNodeId == node.NodeId);
            var count = node.Slots.Sum(range => range.To - range.From + 1);
            var shard = new RedisShard(
                NameOf(node.EndPoint),
                (double)count / Slots,
                ServerOf(node),
                [.. replicas.Select(ServerOf).OfType<IServer>()]);
            shards.Add(shard);
            foreach (var range in node.Slots)
                slots.AsSpan(range.From, range.To - range.From + 1).Fill(shard);
        }

        // The library leaves out primaries that have failed. Until they have a successor they keep their slots, so that they keep their
        // circuits, too, and serve again as soon as they are back.
        var nobody = new RedisShard(Nobody, 0, null, []);
        var former = _view.BySlot;
        var orphans = Enumerable.Range(0, Slots).Where(slot => slots[slot] is null)
            .GroupBy(slot => former?[slot] is { } last && shards.All(shard => shard.Name != last.Name) ? last : nobody).ToArray();
        foreach (var group in orphans)
        {
            var shard = group.Key with { Share = (double)group.Count() / Slots };
            shards.Add(shard);
            foreach (var slot in group)
                slots[slot] = shard;
        }

        return new([.. shards.OrderBy(shard => shard.Name, StringComparer.Ordinal)], slots);
    }

    private void SlotMoved(object? sender, HashSlotMovedEventArgs moved)
    {
        _isOutdated = true;
        var view = _view;
        var name = NameOf(moved.NewEndPoint);
        if (view.BySlot is null || moved.HashSlot is < 0 or >= Slots)
            return;
        // The shares are right again after the next refresh. A shard that is new is known by then, too.
        view.BySlot[moved.HashSlot] = view.Shards.FirstOrDefault(shard => shard.Name == name || IsAt(shard, moved.NewEndPoint))
            ?? new RedisShard(name, 0, ServerAt(moved.NewEndPoint), []);
    }

    private void Changed(object? sender, EndPointEventArgs change) => _isOutdated = true;

    private static bool IsAt(NodeShard shard, EndPoint? address) =>
        shard is RedisShard { Primary.EndPoint: { } primary } && primary.Equals(address);

    /// <summary>The library may know a server by its address, by the host name that it announces, or by both.</summary>
    private IServer? ServerOf(ClusterNode node)
    {
        var byAddress = ServerAt(node.EndPoint);
        if (byAddress is { IsConnected: true } || node is not { Hostname: { Length: > 0 } host, EndPoint: IPEndPoint { Port: var port } })
            return byAddress;
        return ServerAt(new DnsEndPoint(host, port)) ?? byAddress;
    }

    private IServer? ServerAt(EndPoint? address)
    {
        try
        {
            return address is null ? null : _redis.GetServer(address);
        }
        catch (ArgumentException)
        {
            // The library does not know it yet, or has given it up.
            return null;
        }
    }

    private static string NameOf(EndPoint? address) => address switch
    {
        DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        null => Nobody,
        _ => address.ToString()!,
    };

    private sealed record View(IReadOnlyList<NodeShard> Shards, NodeShard[]? BySlot);
}
