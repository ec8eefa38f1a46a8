using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansCache.Http;

/// <summary>
/// What the page shows: <c>/v1/live</c> is the state of the cluster once a second as server-sent events, <c>/v1/live/copies</c> tells who
/// holds a key, <c>/v1/live/lookup</c> the way that a lookup of it takes.
/// </summary>
internal static class LiveRoutes
{
    public static void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LiveCollector>();
        builder.Services.AddSingleton<KeyInspector>();
    }

    public static void Map(WebApplication app)
    {
        // Not described as a part of the API: what the page asks for may change with the page.
        var routes = app.MapGroup("/v1").RequireAuthorization(Access.Read).ExcludeFromDescription();
        routes.MapGet("/live", Watch);
        routes.MapGet("/live/copies", CopiesAsync);
        routes.MapGet("/live/lookup", LookUpAsync);
    }

    private static IResult Watch(HttpContext context, LiveCollector collector)
    {
        if (collector.TryWatch(context.RequestAborted) is { } messages)
        {
            context.Response.Headers.CacheControl = "no-store";
            // A reverse proxy must not keep the stream back.
            context.Response.Headers["X-Accel-Buffering"] = "no";
            return TypedResults.ServerSentEvents(messages);
        }

        context.Response.Headers.RetryAfter = "5";
        return Error(503, "Too many viewers", $"{LiveCollector.MostViewers} viewers watch already, or the silo stops. Close one, or use "
            + "another silo.");
    }

    private static Task<IResult> CopiesAsync(string key, KeyInspector inspector, CancellationToken cancellation) =>
        AnswerAsync(async () => TypedResults.Json(
            await inspector.CopiesOfAsync(key, cancellation).ConfigureAwait(false), LiveJson.Default.KeyCopies));

    private static Task<IResult> LookUpAsync(string key, string? region, KeyInspector inspector, CancellationToken cancellation) =>
        AnswerAsync(async () => TypedResults.Json(
            await inspector.LookUpAsync(key, region, cancellation).ConfigureAwait(false), LiveJson.Default.KeyWay));

    private static async Task<IResult> AnswerAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer().ConfigureAwait(false);
        }
        catch (InvalidKeyException error)
        {
            return Error(400, "Invalid key", error.Message);
        }
        catch (UnknownRegionException error)
        {
            return Error(404, "Unknown region", error.Message);
        }
    }

    private static IResult Error(int status, string title, string detail) =>
        TypedResults.Json(new(title, detail, status), LiveJson.Default.LiveError, "application/problem+json", status);
}
