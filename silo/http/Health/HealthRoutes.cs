using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansCache.Http;

/// <summary>
/// <c>/health/live</c> and <c>/health/ready</c>. Neither sends anything: a probe that asked the cluster would have silos restarted whose
/// only fault is that another one does not answer.
/// </summary>
internal static class HealthRoutes
{
    public static void Map(WebApplication app)
    {
        var silo = app.Services.GetRequiredService<ILocalSilo>();
        app.MapMethods("/health/live", ["HEAD"], Live).ExcludeFromDescription();
        app.MapGet("/health/live", Live)
            .Describe("isAlive", "Whether the process answers", tag: "health")
            .Answers<ReadinessDocument>(200, "It does.");
        app.MapMethods("/health/ready", ["HEAD"], context => Ready(context, silo)).ExcludeFromDescription();
        app.MapGet("/health/ready", context => Ready(context, silo))
            .Describe("isReady", "Whether the silo can serve requests", tag: "health")
            .Answers<ReadinessDocument>(200, "It can.")
            .Answers<ReadinessDocument>(503, "It cannot; the checks say why.");
    }

    private static Task Live(HttpContext context) =>
        JsonBody.WriteAsync(context, new ReadinessDocument(ReadinessDocument.Healthy), ApiJson.Written.ReadinessDocument);

    private static Task Ready(HttpContext context, ILocalSilo silo)
    {
        var document = ReadinessDocument.Of(silo);
        return JsonBody.WriteAsync(context, document, ApiJson.Written.ReadinessDocument, document.IsHealthy ? 200 : 503);
    }
}
