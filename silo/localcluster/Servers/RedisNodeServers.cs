using System.Collections.Concurrent;

namespace OrleansCache.LocalClusters;

/// <summary>A throw-away <c>redis-server</c> per region.</summary>
internal sealed class RedisNodeServers : LocalNodeServers
{
    private readonly ConcurrentDictionary<string, LocalRedisServer> _servers = new();

    public override string Description => "a throw-away redis-server per region";

    public Task StartAsync(IReadOnlyList<string> regions, CancellationToken cancellation) =>
        Task.WhenAll(regions.Select(async region => _servers[region] = await LocalRedisServer.StartAsync(cancellation)));

    // Calls and reconnections are meant for a server that is near: a connection that is not there within a second will not be.
    public override string ConnectionOf(string region) => $"{_servers[region].ConnectionString},connectTimeout=1000,abortConnect=false";

    public override Task StopAsync(string region) => _servers[region].KillAsync();

    public override Task StartAsync(string region, CancellationToken cancellation) => _servers[region].RestartAsync(cancellation: cancellation);

    public override async ValueTask DisposeAsync() =>
        await Task.WhenAll(_servers.Values.Select(server => server.DisposeAsync().AsTask()));
}
