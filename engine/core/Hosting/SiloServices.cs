using Microsoft.Extensions.DependencyInjection;

namespace OrleansCache.Engine.Hosting;

internal static class SiloServices
{
    public static void Add(IServiceCollection services)
    {
    }
}
