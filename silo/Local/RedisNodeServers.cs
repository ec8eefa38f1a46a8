using System.Collections.Concurrent;

namespace OrleansCache.Silo.Local;

/// <summary>A throw-away <c>redis-server</c> per region.</summary>
internal sealed class RedisNodeServers : LocalNodeServers
{
    private readonly ConcurrentDictionary<string, LocalRedisServer> _servers = new();

    /// <summary>Whether there is a <c>redis-server</c> on the PATH.</summary>
    public static bool IsInstalled =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    public override string Description => "a throw-away redis-server per region";

    public Task StartAsync(IReadOnlyList<string> regions, CancellationToken cancellation) =>
        Task.WhenAll(regions.Select(async region => _servers[region] = await LocalRedisServer.StartAsync(cancellation)));

    // Calls and reconnections are meant for a server that is near: a connection that is not there within a second will not be.
    public override string ConnectionOf(string region) => $"{_servers[region].ConnectionString},connectTimeout=1000,abortConnect=false";

    public override Task StopAsync(string region) => _servers[region].DisposeAsync().AsTask();

    public override async Task StartAsync(string region, CancellationToken cancellation) =>
        _servers[region] = await LocalRedisServer.StartAsync(_servers[region].Port, cancellation);

    public override async ValueTask DisposeAsync() =>
        await Task.WhenAll(_servers.Values.Select(server => server.DisposeAsync().AsTask()));
}
