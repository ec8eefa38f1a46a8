using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansCache.Engine.Placement;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Hosting;

/// <summary>The services that make a host a silo.</summary>
internal static class SiloServices
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Orleans");
        services.AddOptions().AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<InProcessNetwork>();
        services.TryAddSingleton<ITransport, TcpTransport>();
        services.Configure<ClusterOptions>(section);
        services.Configure<GrainCollectionOptions>(section.GetSection("GrainCollection"));
        services.Configure<SiloMessagingOptions>(section.GetSection("Messaging"));
        services.Configure<SiloOptions>(options => options.SiloName ??= section["Name"]!);
        services.Configure<EndpointOptions>(options => Bind(options, section.GetSection("Endpoints")));
        services.PostConfigure<SiloOptions>(options => options.SiloName ??= $"Silo_{Guid.NewGuid().ToString("N")[..5]}");
        services.AddPlacementDirector<RandomPlacement, RandomPlacementDirector>();
        services.AddSingleton<SiloLifecycle>();
        services.AddSingleton<ISiloLifecycle>(provider => provider.GetRequiredService<SiloLifecycle>());
        services.AddSingleton(new ServiceLifetimes(services));
        services.AddSingleton<SiloRuntime>();
        services.AddSingleton<ILocalSiloDetails>(provider => provider.GetRequiredService<SiloRuntime>().Details);
        services.AddSingleton<IClusterMembershipService>(provider => provider.GetRequiredService<SiloRuntime>().Membership);
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<SiloRuntime>().References);
        services.TryAddSingleton<IClusterClient>(provider => new ClusterClient(provider, provider.GetRequiredService<SiloRuntime>().References));
        services.TryAddSingleton<IFatalErrorHandler, FatalErrorHandler>();
        services.AddHostedService<HostedSilo>();
    }

    private static void Bind(EndpointOptions options, IConfigurationSection section)
    {
        if (section[nameof(EndpointOptions.AdvertisedIPAddress)] is { } address) options.AdvertisedIPAddress = IPAddress.Parse(address);
        if (section[nameof(EndpointOptions.SiloPort)] is { } siloPort) options.SiloPort = int.Parse(siloPort, CultureInfo.InvariantCulture);
        if (section[nameof(EndpointOptions.GatewayPort)] is { } gatewayPort) options.GatewayPort = int.Parse(gatewayPort, CultureInfo.InvariantCulture);
    }
}
