using Microsoft.AspNetCore.Builder;
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

    public static void AddServices(WebApplicationBuilder builder, HttpOptions options)
    {
        builder.Services.AddAuthorization(policies =>
        {
            foreach (var policy in (string[])[Read, Edit, Operate])
                policies.AddPolicy(policy, rule => rule.RequireAssertion(_ => true));
        });
    }

    public static void Use(WebApplication app) => app.UseAuthorization();
}
