using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Hosting;

/// <summary>The services that give a host a client.</summary>
internal static class ClientServices
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Orleans");
        services.AddOptions().AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<InProcessNetwork>();
        services.TryAddSingleton<ITransport, TcpTransport>();
        services.Configure<ClusterOptions>(section);
        services.Configure<ClientMessagingOptions>(section.GetSection("Messaging"));
        services.AddSingleton<ClientRuntime>();
        services.TryAddSingleton<IGrainFactory>(provider => provider.GetRequiredService<ClientRuntime>().References);
        services.TryAddSingleton<IClusterClient>(provider => new ClusterClient(provider, provider.GetRequiredService<ClientRuntime>().References));
        services.AddHostedService(provider => provider.GetRequiredService<ClientRuntime>());
    }
}
