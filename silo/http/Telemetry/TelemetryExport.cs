using Microsoft.AspNetCore.Builder;

namespace OrleansCache.Http;

/// <summary>Exports the process's metrics and traces: at <c>/metrics</c>, and by OTLP.</summary>
internal static class TelemetryExport
{
    public static void AddServices(WebApplicationBuilder builder, HttpOptions options, ILocalSilo silo)
    {
    }

    public static void Map(WebApplication app, HttpOptions options)
    {
    }
}
