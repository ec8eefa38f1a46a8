using Microsoft.AspNetCore.Builder;

namespace OrleansCache.Http;

/// <summary>The routes below <c>/v1</c>.</summary>
internal static class ApiRoutes
{
    public static void AddServices(WebApplicationBuilder builder, HttpOptions options)
    {
    }

    public static void Map(WebApplication app)
    {
    }
}
