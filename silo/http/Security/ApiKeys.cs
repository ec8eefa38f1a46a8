using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCache.Http;

/// <summary>The keys of callers. Only their hashes are known here.</summary>
internal sealed class ApiKeys(HttpOptions options)
{
    /// <summary>The name of the scheme, which is also that of its identities.</summary>
    public const string Scheme = "ApiKey";

    /// <summary>The claim with the role of a key.</summary>
    public const string RoleClaim = "role";

    // Longer ones need not be hashed: no key is that long.
    private const int MaxLength = 512;

    private readonly (byte[] Hash, ClaimsPrincipal Bearer)[] _keys =
    [
        .. options.ApiKeys.Select(key => (Convert.FromHexString(key.Hash), BearerOf(key))),
    ];

    /// <summary>The bearer of a key, or null. Takes the same time whichever key it is, and whether it is one.</summary>
    public ClaimsPrincipal? Find(string key)
    {
        if (key.Length > MaxLength)
            return null;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        ClaimsPrincipal? found = null;
        foreach (var (known, bearer) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
                found = bearer;
        }

        return found;
    }

    private static ClaimsPrincipal BearerOf(ApiKeyOptions key) => new(new ClaimsIdentity(
        [new(ClaimTypes.Name, key.Id), new(RoleClaim, key.Role)], Scheme, ClaimTypes.Name, RoleClaim));
}
