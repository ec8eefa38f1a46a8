using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansCache.Client;
using OrleansCache.LocalClusters;

namespace OrleansCache.Bench.Clusters;

/// <summary>An application that uses the client library.</summary>
internal sealed class BenchClient : IAsyncDisposable
{
    private readonly IHost _host;

    private BenchClient(IHost host) => _host = host;

    public IBookCache Cache => _host.Services.GetRequiredService<IBookCache>();

    public ICacheOperations Operations => _host.Services.GetRequiredService<ICacheOperations>();

    /// <summary>Connects to a cluster in this process.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="nearBytes">The budget of the near cache: 0 for none, null for the default.</param>
    /// <param name="configure">Changes further options.</param>
    public static Task<BenchClient> ConnectAsync(
        LocalCluster cluster, long? nearBytes = null, Action<CacheClientOptions>? configure = null) =>
        StartAsync(
            services => services.AddBookCache(options =>
            {
                options.Home = cluster.Regions.Home;
                foreach (var name in cluster.Regions.Names)
                {
                    var region = new ClientRegionOptions { Name = name };
                    foreach (var gateway in cluster.Gateways[name])
                        region.Gateways.Add(gateway.ToString());
                    options.Regions.Add(region);
                }
            }),
            nearBytes,
            configure);

    /// <summary>Connects to a cluster of processes.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="nearBytes">The budget of the near cache: 0 for none, null for the default.</param>
    /// <param name="configure">Changes further options.</param>
    public static Task<BenchClient> ConnectAsync(
        ProcessCluster cluster, long? nearBytes = null, Action<CacheClientOptions>? configure = null) =>
        StartAsync(
            services => services.AddBookCache(new ConfigurationBuilder().AddInMemoryCollection(cluster.ClientSettings!).Build()),
            nearBytes,
            configure);

    /// <summary>Connects an Orleans client without the client library to the first region of a cluster of processes.</summary>
    public static async Task<IHost> ConnectToOrleansAsync(ProcessCluster cluster)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options =>
                (options.ClusterId, options.ServiceId) = (cluster.ClientSettings["ClusterId"], cluster.ClientSettings["ServiceId"]));
            client.UseStaticClustering([.. cluster.Gateways(cluster.Regions[0])]);
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>The statistics of all silos of some regions.</summary>
    public async Task<IReadOnlyList<SiloStatistics>> StatisticsAsync(IEnumerable<string> regions)
    {
        var answers = await Task.WhenAll(regions.Select(region => Operations.GetStatisticsAsync(region)));
        return [.. answers.SelectMany(silos => silos)];
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private static async Task<BenchClient> StartAsync(
        Action<IServiceCollection> add, long? nearBytes, Action<CacheClientOptions>? configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        add(builder.Services);
        builder.Services.Configure<CacheClientOptions>(options =>
        {
            options.NearCacheBytes = nearBytes ?? options.NearCacheBytes;
            configure?.Invoke(options);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }
}
