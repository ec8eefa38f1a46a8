using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace OrleansCache.Engine.Hosting;

internal sealed class ClientBuilder(IServiceCollection services, IConfiguration configuration) : IClientBuilder
{
    public IServiceCollection Services => services;

    public IConfiguration Configuration => configuration;

    /// <summary>The one builder of a service collection: a client may be configured in several places.</summary>
    public static ClientBuilder For(IServiceCollection services, IConfiguration? configuration)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(ClientBuilder))?.ImplementationInstance is ClientBuilder known) return known;
        var builder = new ClientBuilder(services, configuration ?? new ConfigurationBuilder().Build());
        services.AddSingleton(builder);
        ClientServices.Add(services, builder.Configuration);
        return builder;
    }
}
