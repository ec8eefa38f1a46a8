using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OrleansCache.Http;

/// <summary>
/// The page at <c>/</c> and its files. A browser asks for the page each time; the addresses of its files have the page's version in them,
/// so those are kept. Nobody must say who they are to get the page: it contains nothing of the cluster.
/// </summary>
internal static class PageRoutes
{
    public static void Map(WebApplication app)
    {
        var files = PageFiles.Read();
        app.MapMethods("/", ["GET", "HEAD"], context => SendAsync(context, files.First, files.Version, "no-cache"));
        app.MapMethods("/page/{version}/{**name}", ["GET", "HEAD"], context =>
        {
            if (files.Find((string)context.Request.RouteValues["name"]!) is not { } file)
            {
                context.Response.StatusCode = 404;
                return Task.CompletedTask;
            }

            // While silos are upgraded, the page may come from one of another version.
            var isThis = (string)context.Request.RouteValues["version"]! == files.Version;
            return SendAsync(context, file, files.Version, isThis ? "public, max-age=31536000, immutable" : "no-store");
        });
        app.MapGet("/favicon.ico", () => TypedResults.Redirect($"/page/{files.Version}/icon.svg")).ExcludeFromDescription();
    }

    private static async Task SendAsync(HttpContext context, PageFile file, string version, string caching)
    {
        var response = context.Response;
        response.Headers.CacheControl = caching;
        response.Headers.ETag = $"\"{version}\"";
        response.Headers.XContentTypeOptions = "nosniff";
        if (context.Request.Headers.IfNoneMatch.ToString().Contains($"\"{version}\"", StringComparison.Ordinal))
        {
            response.StatusCode = 304;
            return;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = file.Content.Length;
        if (context.Request.Method == "GET")
            await response.Body.WriteAsync(file.Content, context.RequestAborted).ConfigureAwait(false);
    }
}
