using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansCache.Http;

/// <summary>Knows a caller by the key in <c>Authorization: Bearer KEY</c> or in <c>X-Api-Key: KEY</c>.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logging, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logging, encoder)
{
    private const string Bearer = "Bearer ";

    /// <summary>The key or token that a request presents, or null.</summary>
    public static string? PresentedBy(HttpRequest request)
    {
        if (request.Headers["X-Api-Key"] is { Count: > 0 } key)
            return key.ToString();
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        PresentedBy(Request) is not { } presented ? AuthenticateResult.NoResult()
        : keys.Find(presented) is { } bearer ? AuthenticateResult.Success(new(bearer, Scheme.Name))
        : AuthenticateResult.Fail("The key is unknown."));

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = PresentedBy(Request) is null
            ? "Bearer realm=\"OrleansCache\""
            : "Bearer realm=\"OrleansCache\", error=\"invalid_token\"";
        return Task.CompletedTask;
    }
}
