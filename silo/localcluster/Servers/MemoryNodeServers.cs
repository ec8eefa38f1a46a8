using OrleansCache.Redis;

namespace OrleansCache.LocalClusters;

/// <summary>Servers in memory.</summary>
internal sealed class MemoryNodeServers(MemoryServers servers, bool forWantOfRedis) : LocalNodeServers
{
    public override string Description =>
        forWantOfRedis ? "in-memory nodes (there is no redis-server on the PATH)" : "in-memory nodes";

    public override string ConnectionOf(string region) => $"memory:{region}";

    public override Task StopAsync(string region)
    {
        servers.Get(region).Stop();
        return Task.CompletedTask;
    }

    public override Task StartAsync(string region, CancellationToken cancellation)
    {
        servers.Get(region).Start();
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
