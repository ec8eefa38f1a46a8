using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Silo.Clustering;
using OrleansCache.Silo.Configuration;
using OrleansCache.Silo.Logging;
using OrleansCache.Topology;

namespace OrleansCache.Silo.Startup;

/// <summary>Puts the host of a silo process together.</summary>
internal static class SiloHost
{
    public static async Task<IHost> BuildAsync(IConfiguration configuration, HostSettings settings, DeathNotice death, Action<IServiceCollection, IConfiguration>? services, CancellationToken cancellation)
    {
        var place = new SiloPlace(
            await ResolveAsync("Silo:Address", settings.Silo.Address, cancellation).ConfigureAwait(false),
            HostAddress.TryParse(settings.Clustering.Primary, out var primary)
                ? new(await ResolveAsync("Clustering:Primary", primary.Host, cancellation).ConfigureAwait(false), primary.Port)
                : null);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "orleanscache-silo", Configuration = new ConfigurationManager() });
        builder.Configuration.AddConfiguration(configuration);
        LogLines.Configure(builder.Logging, configuration);
        // Signals are the program's to take: it also listens to them while the silo starts.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(death);
        builder.Services.AddSingleton(place);
        builder.Services.AddHostedService<PortStart>();
        builder.Services.AddHostedService<ClusteringStart>();
        services?.Invoke(builder.Services, configuration);
        builder.UseOrleans(silo =>
        {
            silo.Configure<SiloOptions>(options => options.SiloName = settings.Silo.Name);
            SiloWiring.Join(silo, settings, place, death);
            silo.AddOrleansCache();
            silo.Services.AddSingleton<HandOver>();
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<HandOver>());
            // A table of silos that outlives them says who has left; without one nobody knows.
            if (settings.Clustering.Redis.Length > 0)
                silo.Services.PostConfigure<CacheSettings>(cache => cache.Leases.Predecessors = cache.Leases.Predecessors is Predecessors.Unknown ? Predecessors.InTable : cache.Leases.Predecessors);
            if (settings.Silo.OwnNodes)
                silo.Services.AddSingleton<ITopologyStore>(provider => new LocalTopology(provider.GetRequiredService<ICatalogStore>(), region => OwnNode(provider, region)));
        });
        builder.Services.AddHostedService<MembershipLog>();
        var host = builder.Build();
        try
        {
            host.Services.GetRequiredService<ICatalog>();
            return host;
        }
        catch (ArgumentException error)
        {
            host.Dispose();
            throw new SettingsException([$"{CacheSettings.Section}:Catalog: {error.Message}"]);
        }
    }

    private static string OwnNode(IServiceProvider provider, string region) =>
        provider.GetRequiredService<IOptions<CacheSettings>>().Value.Regions.FirstOrDefault(known => known.Name == region)?.Nodes.FirstOrDefault()?.Connection
        ?? LocalTopology.OwnServer;

    private static async Task<IPAddress> ResolveAsync(string setting, string host, CancellationToken cancellation)
    {
        try
        {
            return (await HostAddress.LookUpAsync(host, cancellation).ConfigureAwait(false))[0];
        }
        catch (SocketException error)
        {
            throw new SettingsException([$"{CacheSettings.Section}:{setting} names {host}, which cannot be looked up ({error.Message}); give an address, or a name that is known here."]);
        }
    }
}
