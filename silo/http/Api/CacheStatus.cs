using System.Globalization;
using OrleansCache.Client;

namespace OrleansCache.Http;

/// <summary>The value of the header Cache-Status (RFC 9211): what the cache has done for an answer.</summary>
internal static class CacheStatus
{
    /// <summary>The value for a result.</summary>
    /// <param name="result">The result of the lookup.</param>
    /// <param name="fresh">Whether the request did not allow an entry to be used.</param>
    public static string Of(LookupResult result, bool fresh)
    {
        if (result.Flags.HasFlag(LookupFlags.Stale))
            return "OrleansCache; fwd=stale; detail=stale";
        if (result.Flags.HasFlag(LookupFlags.Unleased))
            return "OrleansCache; fwd=miss; detail=unleased";
        if (result.Tier is Tier.Catalog)
            return fresh ? "OrleansCache; fwd=request; stored; detail=catalog" : "OrleansCache; fwd=uri-miss; stored; detail=catalog";
        var timeToLive = (long)result.TimeToLive.TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"OrleansCache; hit; ttl={timeToLive}; detail={NameOf(result.Tier)}");
    }

    /// <summary>The name of a tier.</summary>
    public static string NameOf(Tier tier) => tier switch
    {
        Tier.Near => "near",
        Tier.Silo => "silo",
        Tier.Redis => "redis",
        Tier.Owner => "owner",
        _ => "catalog",
    };

    /// <summary>The flags of an answer, as in <c>stale</c> or <c>stale, unleased</c>.</summary>
    public static string NamesOf(LookupFlags flags) => flags.ToString().ToLowerInvariant();
}
