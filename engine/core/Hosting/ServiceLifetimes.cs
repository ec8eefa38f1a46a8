using Microsoft.Extensions.DependencyInjection;

namespace OrleansCache.Engine.Hosting;

/// <summary>How long the services of a host live, as they were registered.</summary>
internal sealed class ServiceLifetimes(IServiceCollection services)
{
    /// <summary>Whether all of these services are known, and there once in the host. What may be something else, such as a closed generic or the provider itself, counts as not.</summary>
    public bool AreSingletons(IEnumerable<Type> types)
    {
        var registered = services.Where(service => !service.IsKeyedService).ToLookup(service => service.ServiceType, service => service.Lifetime);
        return types.All(type => registered[type].Any() && registered[type].All(lifetime => lifetime is ServiceLifetime.Singleton));
    }
}
