using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansCache.Http;

/// <summary>What the HTTP server is made of: its services, and the way of a request through them.</summary>
internal static class HttpPipeline
{
    public static void AddServices(WebApplicationBuilder builder, HttpOptions options, ILocalSilo silo)
    {
        builder.Services.AddRouting();
        Access.AddServices(builder, options);
        ApiRoutes.AddServices(builder, options);
        LiveRoutes.AddServices(builder);
        TelemetryExport.AddServices(builder, options, silo);
    }

    public static void Map(WebApplication app, HttpOptions options)
    {
        Access.UseFirst(app);
        app.UseRouting();
        Access.Use(app);
        HealthRoutes.Map(app);
        ApiRoutes.Map(app);
        LiveRoutes.Map(app);
        PageRoutes.Map(app);
        TelemetryExport.Map(app, options);
    }
}
