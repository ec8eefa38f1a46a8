using System.Collections.Concurrent;
using OrleansCache.Redis;

namespace OrleansCache.LocalClusters;

/// <summary>What a local cluster uses as its regions' nodes.</summary>
public enum LocalNodes
{
    /// <summary>Redis when <c>redis-server</c> is on the PATH, else memory.</summary>
    Auto,

    /// <summary>Servers in this process's memory.</summary>
    Memory,

    /// <summary>A temporary <c>redis-server</c> per region.</summary>
    Redis,
}

/// <summary>The nodes of a local cluster cannot be started; the message says what to do.</summary>
public sealed class LocalNodesException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The servers that are the nodes of a local cluster: one per region, which can be stopped and started.</summary>
internal abstract class LocalNodeServers : IAsyncDisposable
{
    /// <summary>What kind of servers they are, for display.</summary>
    public abstract string Description { get; }

    /// <summary>Starts a server for each region.</summary>
    /// <exception cref="LocalNodesException">Redis is asked for, but there is no <c>redis-server</c>, or it does not start.</exception>
    public static async Task<LocalNodeServers> StartAsync(
        LocalNodes kind, IReadOnlyList<string> regions, MemoryServers memory, CancellationToken cancellation)
    {
        if (kind is LocalNodes.Redis && !LocalRedisServer.IsInstalled)
        {
            throw new LocalNodesException(
                "There is no redis-server on the PATH; install it (apt-get install redis-server), "
                + "or use in-memory nodes (--nodes memory).");
        }

        if (kind is LocalNodes.Memory || !LocalRedisServer.IsInstalled)
            return new InMemory(memory, isFallback: kind is LocalNodes.Auto);
        var servers = new InRedis();
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

    /// <summary>Stops a region's server, which loses its data.</summary>
    public abstract Task StopAsync(string region);

    /// <summary>Starts a region's server again at its former address.</summary>
    public abstract Task StartAsync(string region, CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();

    private sealed class InMemory(MemoryServers servers, bool isFallback) : LocalNodeServers
    {
        public override string Description => isFallback ? "in-memory nodes (there is no redis-server on the PATH)" : "in-memory nodes";

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

    private sealed class InRedis : LocalNodeServers
    {
        private readonly ConcurrentDictionary<string, LocalRedisServer> _servers = new();

        public override string Description => "a temporary redis-server per region";

        public Task StartAsync(IReadOnlyList<string> regions, CancellationToken cancellation) =>
            Task.WhenAll(regions.Select(async region => _servers[region] = await LocalRedisServer.StartAsync(cancellation)));

        public override string ConnectionOf(string region) => _servers[region].NodeConnection;

        public override Task StopAsync(string region) => _servers[region].KillAsync();

        public override Task StartAsync(string region, CancellationToken cancellation) =>
            _servers[region].RestartAsync(cancellation: cancellation);

        public override async ValueTask DisposeAsync() =>
            await Task.WhenAll(_servers.Values.Select(server => server.DisposeAsync().AsTask()));
    }
}
