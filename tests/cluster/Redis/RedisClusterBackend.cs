using OrleansCache.Entries;
using OrleansCache.Redis;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Redis;

/// <summary>A whole Redis Cluster as the server of a node.</summary>
internal sealed class RedisClusterBackend(LocalRedisCluster cluster) : INodeBackend
{
    public TimeSpan Elapsed => TimeSpan.FromMilliseconds(Clock.System.Now);

    public INode CreateNode(NodeOptions settings) => RedisBackend.CreateNode(cluster.ConnectionString, settings);

    public Task PauseAsync() => Task.WhenAll(cluster.Servers.Select(server => server.PauseAsync()));

    public Task ResumeAsync() => Task.WhenAll(cluster.Servers.Select(server => server.ResumeAsync()));

    public Task KillAsync() => Task.WhenAll(cluster.Servers.Select(server => server.KillAsync()));

    public async Task RestartAsync()
    {
        await Task.WhenAll(cluster.Servers.Select(server => server.StartAgainAsync()));
        await cluster.IsWellAsync();
    }

    public Task PassTimeUntilAsync(Func<bool> condition, string what) => Eventually.IsTrueAsync(condition, what);

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}
