using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Catalogs;
using OrleansCache.Client;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Sessions;

/// <summary>A cluster in this process and a client of it.</summary>
internal sealed class LocalSession : ISession
{
    private static readonly TimeSpan RingPatience = TimeSpan.FromSeconds(2);

    private readonly IHost _client;

    private LocalSession(LocalCluster cluster, IHost client)
    {
        Cluster = cluster;
        _client = client;
        Cache = client.Services.GetRequiredService<IBookCache>();
        Operations = client.Services.GetRequiredService<ICacheOperations>();
    }

    public LocalCluster Cluster { get; }

    public IBookCache Cache { get; }

    public ICacheOperations Operations { get; }

    public RegionMap Regions => Cluster.Regions;

    public ICatalog Catalog => Cluster.Catalog;

    public static async Task<LocalSession> StartAsync(LocalClusterOptions options, CancellationToken cancellation)
    {
        var cluster = await LocalCluster.StartAsync(options, cancellation).ConfigureAwait(false);
        var client = BuildClient(cluster);
        try
        {
            await client.StartAsync(cancellation).ConfigureAwait(false);
            var session = new LocalSession(cluster, client);
            await Task.WhenAll(session.Regions.Names.Select(region => session.AwaitRingAsync(region, cancellation))).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await DisposeAsync(client).ConfigureAwait(false);
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<IReadOnlyList<string>> KeysAsync(string prefix, int limit, CancellationToken cancellation)
    {
        var keys = await Catalog.ListKeysAsync(prefix.Length == 0 ? null : prefix, limit, cancellation).ConfigureAwait(false);
        return [.. keys.TakeWhile(key => key.StartsWith(prefix, StringComparison.Ordinal))];
    }

    public string ConnectionOf(string region, string typed) => typed == LocalCluster.OwnServer ? Cluster.ConnectionOf(region) : typed;

    public async ValueTask DisposeAsync()
    {
        await DisposeAsync(_client).ConfigureAwait(false);
        await Cluster.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Waits a short while until the silos of a region have its ring. They answer without it, but past their node, and whoever
    /// starts a cluster to look at it wants to see the nodes used.
    /// </summary>
    private async Task AwaitRingAsync(string region, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            var ring = await Operations.GetRingAsync(region, cancellation).ConfigureAwait(false);
            while ((await Operations.GetStatisticsAsync(region, cancellation).ConfigureAwait(false)).Any(silo => silo.RingVersion < ring.Version)
                && TimeProvider.System.GetElapsedTime(started) < RingPatience)
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellation).ConfigureAwait(false);
        }
        catch (RegionUnavailableException)
        {
            // The command that needs the region says so better.
            return;
        }
    }

    private static IHost BuildClient(LocalCluster cluster)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddBookCache(options =>
        {
            options.Home = cluster.Regions.Home;
            // Client and silos share this process and compile their code as it first runs, so a first lookup takes longer than
            // anything that a budget for running clusters allows for.
            options.AttemptBudget = TimeSpan.FromSeconds(1);
            options.Deadline = TimeSpan.FromSeconds(4);
            // What the console shows is what the cluster does; answers from its own memory would hide that.
            options.NearCacheBytes = 0;
            foreach (var name in cluster.Regions.Names)
                options.Regions.Add(Describe(cluster, name));
        });
        return builder.Build();
    }

    private static RegionOptions Describe(LocalCluster cluster, string name)
    {
        var region = new RegionOptions { Name = name };
        foreach (var fallback in cluster.Regions.OrderFrom(name).Skip(1))
            region.Fallback.Add(fallback);
        foreach (var gateway in cluster.Gateways[name])
            region.Gateways.Add(gateway.ToString());
        return region;
    }

    private static ValueTask DisposeAsync(IHost host) =>
        host is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;
}
