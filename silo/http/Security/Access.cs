using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansCache.Http;

/// <summary>Who may do what: three policies, each of which includes the one before.</summary>
internal static class Access
{
    /// <summary>Look up books, and see the state of the cluster.</summary>
    public const string Read = "read";

    /// <summary>Change books.</summary>
    public const string Edit = "edit";

    /// <summary>Change nodes, drop entries.</summary>
    public const string Operate = "operate";

    private const string Selector = "Selector";

    public static void AddServices(WebApplicationBuilder builder, HttpOptions options)
    {
        var services = builder.Services;
        services.AddSingleton<LoadLimits>();
        if (options.Origins.Count > 0)
        {
            services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
                .WithOrigins([.. options.Origins])
                .WithMethods("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE")
                .WithHeaders(
                    "Authorization", "X-Api-Key", "Content-Type", "Cache-Control", "If-Match", "If-None-Match", "Idempotency-Key")
                .WithExposedHeaders(
                    "ETag", "Age", "Cache-Status", "Location", "Retry-After", "X-OrleansCache-Tier", "X-OrleansCache-Region",
                    "X-OrleansCache-Node", "X-OrleansCache-Flags")));
        }

        services.AddAuthorization(policies =>
        {
            foreach (var role in Roles.All)
            {
                policies.AddPolicy(role, policy =>
                    policy.RequireAssertion(request => !options.NeedsCredentials || Roles.Includes(request.User, role)));
            }
        });
        if (options.NeedsCredentials)
            AddCredentials(services, options);
        else
            // Everybody who can connect may do everything, so no time is spent on asking.
            services.Configure<RouteOptions>(routes => routes.SuppressCheckForUnhandledSecurityMetadata = true);
    }

    /// <summary>What a request passes before it is routed.</summary>
    public static void UseFirst(WebApplication app)
    {
        app.UseMiddleware<ProblemAnswers>();
        app.UseMiddleware<RequestGuard>();
    }

    /// <summary>What a request passes after it was routed.</summary>
    public static void Use(WebApplication app)
    {
        var options = app.Services.GetRequiredService<HttpOptions>();
        if (options.Origins.Count > 0)
            app.UseCors();
        if (options.NeedsCredentials)
        {
            app.UseAuthentication();
            app.UseAuthorization();
        }

        var limits = app.Services.GetRequiredService<LoadLimits>();
        app.Use(next => context => limits.InvokeAsync(context, next));
    }

    private static void AddCredentials(IServiceCollection services, HttpOptions options)
    {
        services.AddSingleton<ApiKeys>();
        var authentication = services.AddAuthentication(Selector)
            .AddPolicyScheme(Selector, null, selector => selector.ForwardDefaultSelector = context =>
                IsToken(ApiKeyHandler.PresentedBy(context.Request), options) ? JwtBearerDefaults.AuthenticationScheme : ApiKeys.Scheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeys.Scheme, null);
        if (options.Authority.Length == 0)
            return;
        authentication.AddJwtBearer(bearer =>
        {
            (bearer.Authority, bearer.Audience) = (options.Authority, options.Audience);
            bearer.RequireHttpsMetadata = options.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
            // Claims keep the names that the token gives them.
            bearer.MapInboundClaims = false;
            bearer.TokenValidationParameters.NameClaimType = "sub";
        });
    }

    /// <summary>Whether what a caller presents is a signed token: three parts with dots between them, which no key has.</summary>
    private static bool IsToken(string? presented, HttpOptions options) =>
        options.Authority.Length > 0 && (options.ApiKeys.Count == 0 || presented?.Count(character => character is '.') is 2);
}
