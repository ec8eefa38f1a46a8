using System.Security.Claims;

namespace OrleansCache.Http;

/// <summary>What a caller may do: by the role of its key, or by the scopes and roles of its token.</summary>
internal static class Roles
{
    /// <summary>The roles, each of which includes those before it.</summary>
    public static readonly string[] All = [Access.Read, Access.Edit, Access.Operate];

    private const string ScopePrefix = "orleanscache.";

    /// <summary>Whether a caller may do what a role may.</summary>
    public static bool Includes(ClaimsPrincipal caller, string role)
    {
        var needed = Array.IndexOf(All, role);
        foreach (var identity in caller.Identities)
        {
            if (identity.IsAuthenticated && identity.Claims.Any(claim => RankOf(identity, claim) >= needed))
                return true;
        }

        return false;
    }

    private static int RankOf(ClaimsIdentity identity, Claim claim)
    {
        if (identity.AuthenticationType == ApiKeys.Scheme)
            return claim.Type == ApiKeys.RoleClaim ? Array.IndexOf(All, claim.Value) : -1;
        // A token lists scopes with spaces between them, or each in a claim of its own.
        return claim.Type is "scope" or "scp" or "roles"
            ? claim.Value.Split(' ').Max(scope => scope.StartsWith(ScopePrefix, StringComparison.Ordinal)
                ? Array.IndexOf(All, scope[ScopePrefix.Length..])
                : -1)
            : -1;
    }
}
