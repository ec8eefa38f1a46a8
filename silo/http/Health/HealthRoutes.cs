using Microsoft.AspNetCore.Builder;

namespace OrleansCache.Http;

/// <summary><c>/health/live</c> and <c>/health/ready</c>.</summary>
internal static class HealthRoutes
{
    public static void AddServices(WebApplicationBuilder builder)
    {
    }

    public static void Map(WebApplication app)
    {
    }
}
