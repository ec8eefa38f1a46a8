using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Client;
using OrleansCache.LocalClusters;

namespace OrleansCache.Bench.Clusters;

/// <summary>An application that looks books up.</summary>
internal sealed class BenchClient : IAsyncDisposable
{
    private readonly IHost _host;

    private BenchClient(IHost host) => _host = host;

    public IBookCache Cache => _host.Services.GetRequiredService<IBookCache>();

    public ICacheOperations Operations => _host.Services.GetRequiredService<ICacheOperations>();

    /// <summary>Connects to a cluster in this process.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="nearBytes">What the near cache may take: 0 for none, null for what is usual.</param>
    /// <param name="configure">Sets what else is not to be as usual.</param>
    public static Task<BenchClient> ConnectAsync(LocalCluster cluster, long? nearBytes = null, Action<CacheClientOptions>? configure = null) => ConnectAsync(options =>
    {
        configure?.Invoke(options);
        options.Home = cluster.Regions.Home;
        options.NearCacheBytes = nearBytes ?? options.NearCacheBytes;
        foreach (var name in cluster.Regions.Names)
        {
            var region = new RegionOptions { Name = name };
            foreach (var gateway in cluster.Gateways[name])
                region.Gateways.Add(gateway.ToString());
            options.Regions.Add(region);
        }
    });

    /// <summary>Connects with settings of its own.</summary>
    public static Task<BenchClient> ConnectAsync(Action<CacheClientOptions> configure) => StartAsync(services => services.AddBookCache(configure));

    /// <summary>Connects to a cluster of processes.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="nearBytes">What the near cache may take: 0 for none, null for what is usual.</param>
    public static Task<BenchClient> ConnectAsync(ProcessCluster cluster, long? nearBytes = null) => StartAsync(services =>
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(cluster.ClientSettings!).Build();
        services.AddBookCache(settings);
        services.Configure<CacheClientOptions>(options => options.NearCacheBytes = nearBytes ?? options.NearCacheBytes);
    });

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private static async Task<BenchClient> StartAsync(Action<IServiceCollection> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        add(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }
}
