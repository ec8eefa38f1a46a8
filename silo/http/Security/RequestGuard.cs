using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansCache.Http;

/// <summary>
/// What every request passes first: the headers that keep browsers from using an answer for something else, and the refusal of requests
/// that a web page of somebody else can have sent.
/// </summary>
internal sealed class RequestGuard(RequestDelegate next, HttpOptions options)
{
    private const string ApiPolicy = "default-src 'none'; frame-ancestors 'none'";

    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly HashSet<string> _origins = new(options.Origins, StringComparer.OrdinalIgnoreCase);

    // A name that leads to this machine may be anybody's (DNS rebinding), and here nothing else says who is asking.
    private readonly bool _checksHost = options is { IsLoopback: true, NeedsCredentials: false, Socket.Length: 0 };

    public Task InvokeAsync(HttpContext context)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = IsPage(request.Path) ? PagePolicy : ApiPolicy;
        if (RequestTarget.ProblemOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is { } problem)
            return ProblemAnswers.WriteAsync(context, Problems.Of(400, "invalid-key", problem));
        if (_checksHost && !WebOrigin.IsThisMachine(request.Host) && request.Host.Host != options.Address)
        {
            return ProblemAnswers.WriteAsync(context, Problems.Of(
                421, "foreign-host", "The header Host does not name this machine; use localhost, 127.0.0.1 or [::1]."));
        }

        return WebOrigin.IsForeignChange(request, _origins)
            ? ProblemAnswers.WriteAsync(context, Problems.Of(
                403, "foreign-origin", "The request comes from a page of another web site; add its origin to OrleansCache:Http:Origins."))
            : next(context);
    }

    private static bool IsPage(PathString path) =>
        !path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)
        && !path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
        && !path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase)
        && !path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase);
}
