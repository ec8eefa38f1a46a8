using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Cluster;

/// <summary>
/// <c>/v1/break</c>: what of a local cluster can be broken from its page. No silo has these routes, so that a cluster that is in use has
/// none to protect.
/// </summary>
internal static partial class BreakRoutes
{
    public static void Map(WebApplication app, Breakage breakage)
    {
        var routes = app.MapGroup("/v1/break");
        routes.MapGet("", context => AnswerAsync(context, breakage, () => Task.CompletedTask));
        routes.MapPost("/silo/{name}/{action}", context =>
            AnswerAsync(context, breakage, () => breakage.SiloAsync(Route(context, "name"), Route(context, "action"))));
        routes.MapPost("/redis/{name}/{action}", context =>
            AnswerAsync(context, breakage, () => breakage.RedisAsync(Route(context, "name"), Route(context, "action"))));
        routes.MapPost("/link/{one}/{other}/{action}", context => AnswerAsync(context, breakage, () =>
        {
            double? milliseconds = double.TryParse(context.Request.Query["ms"], out var given) ? given : null;
            breakage.Link(Route(context, "one"), Route(context, "other"), Route(context, "action"), milliseconds);
            return Task.CompletedTask;
        }));
        routes.MapPost("/traffic/{perSecond:int}", context =>
            AnswerAsync(context, breakage, () => breakage.TrafficAsync(int.Parse(Route(context, "perSecond")))));
    }

    private static string Route(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;

    private static async Task AnswerAsync(HttpContext context, Breakage breakage, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (ArgumentException error)
        {
            await TypedResults.Problem(error.Message, statusCode: 400, title: "Not done").ExecuteAsync(context).ConfigureAwait(false);
            return;
        }
        catch (Exception error) when (error is SiloProcessException or InvalidOperationException)
        {
            await TypedResults.Problem(error.Message, statusCode: 500, title: "It failed").ExecuteAsync(context).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await JsonSerializer.SerializeAsync(context.Response.Body, breakage.List(), Json.Default.BreakList, context.RequestAborted)
            .ConfigureAwait(false);
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(BreakList))]
    private sealed partial class Json : JsonSerializerContext;
}
