using Microsoft.AspNetCore.Http;

namespace OrleansCache.Http;

/// <summary>Where a request comes from, as its browser says.</summary>
internal static class WebOrigin
{
    /// <summary>
    /// Whether a request is addressed to this machine by a name that nobody else can give. Another name may be anybody's, who has pointed
    /// it here (DNS rebinding).
    /// </summary>
    public static bool IsThisMachine(HostString host) =>
        host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.Host is "127.0.0.1" or "[::1]";

    /// <summary>Whether a request changes something and was sent by a page of another origin.</summary>
    /// <param name="request">The request.</param>
    /// <param name="allowed">Origins whose pages may change something.</param>
    public static bool IsForeignChange(HttpRequest request, IReadOnlySet<string> allowed)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return false;
        var origin = request.Headers.Origin;
        if (origin.Count == 0)
            return request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
        return !allowed.Contains(origin.ToString())
            && !(Uri.TryCreate(origin.ToString(), UriKind.Absolute, out var from)
                && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
