using System.Globalization;
using OrleansCache.LocalClusters;

namespace OrleansCache.TestSupport;

/// <summary>A primary with replicas, and three <c>redis-sentinel</c> processes that watch them, on loopback ports.</summary>
public sealed class LocalSentinel : IAsyncDisposable
{
    public const string Service = "cache";
    private const int Quorum = 2;

    private readonly List<RedisProcess> _servers = [];
    private readonly List<RedisProcess> _sentinels = [];

    private LocalSentinel()
    {
    }

    /// <summary>The data servers.</summary>
    public IReadOnlyList<RedisProcess> Servers => _servers;

    public IReadOnlyList<RedisProcess> Sentinels => _sentinels;

    /// <summary>A connection string that names the Sentinels and the service.</summary>
    public string ConnectionString => $"{string.Join(',', _sentinels.Select(sentinel => sentinel.Address))},serviceName={Service}";

    /// <summary>Starts all of them and waits until the Sentinels know each other and the replicas.</summary>
    /// <param name="replicas">The replicas of the primary.</param>
    /// <param name="settings">More settings of the data servers; a password among them is told to the Sentinels.</param>
    public static async Task<LocalSentinel> StartAsync(int replicas = 1, params string[] settings)
    {
        var local = new LocalSentinel();
        try
        {
            local._servers.Add(await RedisProcess.StartAsync([.. settings, "--repl-diskless-sync-delay", "0"]));
            var primary = local._servers[0].Port;
            for (var i = 0; i < replicas; i++)
            {
                local._servers.Add(await RedisProcess.StartAsync(
                    [.. settings, "--repl-diskless-sync-delay", "0", "--replicaof", "127.0.0.1", Text(primary)]));
            }

            var password = settings.SkipWhile(setting => setting != "--requirepass").ElementAtOrDefault(1);
            for (var i = 0; i < 3; i++)
                local._sentinels.Add(await RedisProcess.StartAsync(FreePort.Find(), server => Command(server, primary, password)));
            await local.IsWellAsync();
            return local;
        }
        catch
        {
            await local.DisposeAsync();
            throw;
        }
    }

    /// <summary>The primary as the first Sentinel names it.</summary>
    public async Task<RedisProcess> PrimaryAsync()
    {
        var address = await _sentinels[0].AskAsync("sentinel", "get-master-addr-by-name", Service);
        var port = int.Parse(address.Split('\n')[1], CultureInfo.InvariantCulture);
        return _servers.Single(server => server.Port == port);
    }

    /// <summary>Waits until the Sentinels name another primary than this one, and it is one.</summary>
    public async Task<RedisProcess> SuccessorOfAsync(RedisProcess former)
    {
        var primary = former;
        await Eventually.IsTrueAsync(
            async () =>
            {
                primary = await PrimaryAsync();
                return primary != former
                    && (await primary.AskAsync("info", "replication")).Contains("role:master", StringComparison.Ordinal);
            },
            $"there is another primary than {former.Address}");
        return primary;
    }

    /// <summary>Waits until every Sentinel sees the others, and all replicas linked to the primary.</summary>
    public Task IsWellAsync() => Eventually.IsTrueAsync(
        async () =>
        {
            foreach (var sentinel in _sentinels)
            {
                var seen = await sentinel.AskAsync("sentinel", "masters");
                var replicas = await sentinel.AskAsync("sentinel", "replicas", Service);
                if (!Has(seen, "num-other-sentinels", Text(_sentinels.Count - 1))
                    || !Has(seen, "num-slaves", Text(_servers.Count - 1))
                    || !Has(seen, "flags", "master")
                    || replicas.Split("master-link-status\nok").Length != _servers.Count
                    || replicas.Contains("s_down", StringComparison.Ordinal))
                {
                    return false;
                }
            }

            return true;
        },
        "the Sentinels see a primary with all its replicas");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (RedisProcess[])[.. _sentinels, .. _servers])
            await process.DisposeAsync();
    }

    private static bool Has(string answer, string name, string value) =>
        answer.Contains($"{name}\n{value}\n", StringComparison.Ordinal);

    private static string[] Command(RedisProcess sentinel, int primary, string? password)
    {
        // A Sentinel keeps what it has learned in this file.
        var file = Path.Combine(sentinel.Folder, "sentinel.conf");
        if (!File.Exists(file))
        {
            File.WriteAllText(
                file,
                $"""
                port {Text(sentinel.Port)}
                bind 127.0.0.1
                dir {sentinel.Folder}
                sentinel monitor {Service} 127.0.0.1 {Text(primary)} {Text(Quorum)}
                sentinel down-after-milliseconds {Service} 1000
                sentinel failover-timeout {Service} 3000
                {(password is null ? "" : $"sentinel auth-pass {Service} {password}")}

                """);
        }

        return ["redis-sentinel", file];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
