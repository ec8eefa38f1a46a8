using System.Globalization;
using OrleansCache.LocalClusters;

namespace OrleansCache.TestSupport;

/// <summary>
/// A real Redis Cluster of <c>redis-server</c> processes on loopback ports, whose nodes find a lost one after two seconds.
/// </summary>
public sealed class LocalRedisCluster : IAsyncDisposable
{
    public const int NodeTimeoutMilliseconds = 2_000;

    private readonly List<RedisProcess> _servers = [];
    private readonly int _replicas;
    private readonly string[] _settings;

    private LocalRedisCluster(int replicas, string[] settings) => (_replicas, _settings) = (replicas, settings);

    public IReadOnlyList<RedisProcess> Servers => _servers;

    /// <summary>The connection string of a node of the ring: all servers.</summary>
    public string ConnectionString => string.Join(',', _servers.Select(server => server.Address));

    /// <summary>Starts three primaries and waits until every server sees the cluster as well.</summary>
    /// <param name="replicas">The replicas of each primary.</param>
    /// <param name="settings">More settings of the servers.</param>
    public static async Task<LocalRedisCluster> StartAsync(int replicas = 1, params string[] settings)
    {
        var cluster = new LocalRedisCluster(3 * replicas, settings);
        try
        {
            for (var i = 0; i < 3 * (1 + replicas); i++)
                await cluster.AddServerAsync();
            await ManageAsync(
                [
                    "create", .. cluster._servers.Select(server => server.Address),
                    "--cluster-replicas", replicas.ToString(CultureInfo.InvariantCulture), "--cluster-yes",
                ]);
            await cluster.IsWellAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server that belongs to no cluster yet.</summary>
    public async Task<RedisProcess> AddServerAsync()
    {
        const int attempts = 5;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var server = await RedisProcess.StartAsync(
                    FreePort.Find(),
                    [
                        "--cluster-enabled", "yes", "--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0",
                        "--cluster-node-timeout", NodeTimeoutMilliseconds.ToString(CultureInfo.InvariantCulture), .. _settings,
                    ]);
                _servers.Add(server);
                return server;
            }
            catch (InvalidOperationException) when (attempt < attempts)
            {
                // Another process may have taken the port, or that of the bus.
                continue;
            }
        }
    }

    /// <summary>Starts a primary without slots.</summary>
    public async Task<RedisProcess> AddPrimaryAsync()
    {
        var first = _servers[0];
        var added = await AddServerAsync();
        await ManageAsync("add-node", added.Address, first.Address);
        await IsWellAsync();
        return added;
    }

    /// <summary>Moves slots with their entries from a primary to another one.</summary>
    public static async Task ReshardAsync(RedisProcess from, RedisProcess to, int slots) => await ManageAsync(
        "reshard", from.Address,
        "--cluster-from", await from.AskAsync("cluster", "myid"),
        "--cluster-to", await to.AskAsync("cluster", "myid"),
        "--cluster-slots", slots.ToString(CultureInfo.InvariantCulture),
        "--cluster-yes");

    /// <summary>Takes a server without slots out of the cluster and ends it.</summary>
    public async Task RemoveAsync(RedisProcess server)
    {
        await ManageAsync("del-node", _servers[0].Address, await server.AskAsync("cluster", "myid"));
        _servers.Remove(server);
        await server.DisposeAsync();
    }

    /// <summary>Waits until the servers that answer see all slots served and all replicas linked.</summary>
    public Task IsWellAsync() => Eventually.IsTrueAsync(
        async () =>
        {
            foreach (var server in _servers)
            {
                var info = await server.AskAsync("cluster", "info") + await server.AskAsync("info", "replication");
                var known = string.Create(CultureInfo.InvariantCulture, $"cluster_known_nodes:{_servers.Count}");
                // Servers hear later than the others which of them are replicas.
                var replicas = (await NodesAsync(server)).Count(node => node.Flags.Contains("slave", StringComparison.Ordinal));
                if (replicas != _replicas
                    || !info.Contains("cluster_state:ok", StringComparison.Ordinal)
                    || !info.Contains(known, StringComparison.Ordinal)
                    || info.Contains("master_link_status:down", StringComparison.Ordinal))
                {
                    return false;
                }
            }

            return true;
        },
        "the Redis Cluster is well");

    /// <summary>The nodes as a server sees them: id, address, flags, id of the primary, and the rest of the line.</summary>
    public static async Task<IReadOnlyList<(string Id, int Port, string Flags, string Primary, string Line)>> NodesAsync(
        RedisProcess server)
    {
        var lines = (await server.AskAsync("cluster", "nodes")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. lines.Select(line => line.Split(' ')).Select(part => (
                part[0],
                int.Parse(part[1].Split('@')[0].Split(':')[^1], CultureInfo.InvariantCulture),
                part[2],
                part[3],
                string.Join(' ', part))),
        ];
    }

    /// <summary>The primary of a Redis key, and its replicas.</summary>
    public async Task<(RedisProcess Primary, RedisProcess[] Replicas)> ServersOfAsync(string redisKey, RedisProcess? witness = null)
    {
        witness ??= _servers[0];
        var slot = int.Parse(await witness.AskAsync("cluster", "keyslot", redisKey), CultureInfo.InvariantCulture);
        var nodes = await NodesAsync(witness);
        var primary = nodes.Single(node => node.Line.Split(' ').Skip(8).Any(range => Covers(range, slot)));
        return (At(primary.Port), [.. nodes.Where(node => node.Primary == primary.Id).Select(node => At(node.Port))]);
    }

    public RedisProcess At(int port) => _servers.Single(server => server.Port == port);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
    }

    private static async Task ManageAsync(params string[] arguments)
    {
        var (code, output) = await RedisProcess.RunCliAsync(["--cluster", .. arguments]);
        if (code != 0)
            throw new InvalidOperationException($"redis-cli --cluster {arguments[0]}: {output}");
    }

    private static bool Covers(string range, int slot)
    {
        if (range.StartsWith('['))
            return false;
        var ends = range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        return slot >= ends[0] && slot <= ends[^1];
    }
}
