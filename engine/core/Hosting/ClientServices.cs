using Microsoft.Extensions.DependencyInjection;

namespace OrleansCache.Engine.Hosting;

internal static class ClientServices
{
    public static void Add(IServiceCollection services)
    {
    }
}
