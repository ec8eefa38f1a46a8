using Microsoft.AspNetCore.Builder;

namespace OrleansCache.Http;

/// <summary>What the page shows, as server-sent events.</summary>
internal static class LiveRoutes
{
    public static void AddServices(WebApplicationBuilder builder)
    {
    }

    public static void Map(WebApplication app)
    {
    }
}
