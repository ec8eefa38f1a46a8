using OrleansCache.Redis;

namespace OrleansCache.LocalClusters;

/// <summary>The servers behind a local cluster's nodes: one per region, which can be stopped and started.</summary>
internal abstract class LocalNodeServers : IAsyncDisposable
{
    /// <summary>What they are, in words.</summary>
    public abstract string Description { get; }

    /// <summary>Starts a server for each region.</summary>
    /// <exception cref="LocalNodesException">Redis is asked for, but there is no <c>redis-server</c>, or it does not start.</exception>
    public static async Task<LocalNodeServers> StartAsync(LocalNodes kind, IReadOnlyList<string> regions, MemoryServers memory, CancellationToken cancellation)
    {
        var redis = LocalRedisServer.IsInstalled;
        if (kind is LocalNodes.Redis && !redis)
            throw new LocalNodesException("There is no redis-server on the PATH; install it (apt-get install redis-server), or use in-memory nodes (--nodes memory).");
        if (kind is LocalNodes.Memory || !redis)
            return new MemoryNodeServers(memory, kind is LocalNodes.Auto);
        var servers = new RedisNodeServers();
        try
        {
            await servers.StartAsync(regions, cancellation);
            return servers;
        }
        catch (Exception error)
        {
            await servers.DisposeAsync();
            if (error is InvalidOperationException)
                throw new LocalNodesException(error.Message, error);
            throw;
        }
    }

    /// <summary>The connection string of a region's server.</summary>
    public abstract string ConnectionOf(string region);

    /// <summary>Stops a region's server; what it held is lost.</summary>
    public abstract Task StopAsync(string region);

    /// <summary>Starts a region's server again where it was.</summary>
    public abstract Task StartAsync(string region, CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();
}
