using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OrleansCache.Telemetry;

namespace OrleansCache.Http;

/// <summary>
/// Exports the metrics and traces of the process, the silo's included: metrics at <c>/metrics</c> in Prometheus' format, both by OTLP where
/// <see cref="HttpOptions.OtlpEndpoint"/> says so.
/// </summary>
internal static class TelemetryExport
{
    /// <summary>The path of the metrics.</summary>
    public const string MetricsPath = "/metrics";

    // What Orleans publishes of grain calls, and of the runtime itself.
    private const string OrleansMeter = "Microsoft.Orleans";

    // Orleans publishes calls of the cache's grains as its own, since their namespace begins like Orleans' own.
    private const string GrainCalls = "Microsoft.Orleans.Runtime";

    public static void AddServices(WebApplicationBuilder builder, HttpOptions options, ILocalSilo silo)
    {
        var isSent = options.OtlpEndpoint.Length > 0;
        if (!options.Metrics && !isSent)
            return;
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService("orleanscache-silo", serviceInstanceId: silo.Name)
                .AddAttributes([new(TelemetryNames.Region, silo.Region)]))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(TelemetryNames.Name, OrleansMeter).AddRuntimeInstrumentation().AddAspNetCoreInstrumentation();
                if (options.Metrics)
                    metrics.AddPrometheusExporter();
                if (isSent)
                    metrics.AddOtlpExporter(otlp => otlp.Endpoint = new(options.OtlpEndpoint));
            });
        // Activities that nobody collects are not made, and cost nothing.
        if (!options.Traces)
            return;
        telemetry.WithTracing(traces => traces
            .AddSource(TelemetryNames.Name, GrainCalls)
            .SetSampler(new ParentBasedSampler(new RootSampler(options.TraceRatio)))
            .AddNpgsql()
            .AddAspNetCoreInstrumentation(requests => requests.Filter = request => request.Request.Path.StartsWithSegments("/v1"))
            .AddOtlpExporter(otlp => otlp.Endpoint = new(options.OtlpEndpoint)));
    }

    public static void Map(WebApplication app, HttpOptions options)
    {
        if (options.Metrics)
            app.MapPrometheusScrapingEndpoint(MetricsPath).RequireAuthorization(Access.Read);
    }
}
