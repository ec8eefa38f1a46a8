using Microsoft.AspNetCore.Http;
using OrleansCache.Client;

namespace OrleansCache.Http;

/// <summary>What shows the state of the cluster: regions, rings, statistics, and the copies of a book.</summary>
internal sealed class RegionEndpoints(
    ICacheOperations operations, RegionMap regions, RegionAnswers answers, ILocalSilo silo)
{
    /// <summary>GET <c>/v1/regions</c>.</summary>
    public async Task RegionsAsync(HttpContext context)
    {
        var asked = await answers.AskAsync(operations.GetStatisticsAsync, context.RequestAborted).ConfigureAwait(false);
        RegionDocument[] documents = [.. asked.Select(one => DocumentOf(one.Region, one.Answer, one.Problem))];
        var document = new RegionsDocument(regions.Home, silo.Region, documents);
        await JsonBody.WriteAsync(context, document, ApiJson.Written.RegionsDocument).ConfigureAwait(false);
    }

    /// <summary>GET <c>/v1/regions/{region}/ring</c>.</summary>
    public async Task RingAsync(HttpContext context)
    {
        var key = LookupQuery.Parameter(context.Request, "key");
        if (key is not null)
            key = BookKey.Of(key);
        var ring = await operations.GetRingAsync(RouteOf(context), context.RequestAborted).ConfigureAwait(false);
        await JsonBody.WriteAsync(context, RingDocument.Of(ring, key), ApiJson.Written.RingDocument).ConfigureAwait(false);
    }

    /// <summary>GET <c>/v1/stats</c>.</summary>
    public async Task StatsAsync(HttpContext context)
    {
        var asked = await answers.AskAsync(operations.GetStatisticsAsync, context.RequestAborted).ConfigureAwait(false);
        var document = new StatsDocument(
            [.. asked.SelectMany(one => one.Answer ?? [])],
            [.. asked.Where(one => one.Problem is not null).Select(one => new UnreachableDocument(one.Region, one.Problem!))]);
        await JsonBody.WriteAsync(context, document, ApiJson.Written.StatsDocument).ConfigureAwait(false);
    }

    /// <summary>GET <c>/v1/keys/{key}/copies</c>.</summary>
    public async Task CopiesAsync(HttpContext context)
    {
        var key = RequestTarget.KeyOf(context, "/v1/keys/", "/copies");
        var kept = BookKey.Of(key);
        var catalog = CatalogAsync(key, context.RequestAborted);
        var asked = await answers.AskAsync(
            (region, cancellation) => operations.PeekAsync(region, key, cancellation), context.RequestAborted).ConfigureAwait(false);
        var document = new CopiesDocument(
            kept,
            await catalog.ConfigureAwait(false),
            [
                .. asked.Select(one => one.Answer is { } held
                    ? RegionCopiesDocument.Of(held)
                    : new RegionCopiesDocument(one.Region, [], null, one.Problem)),
            ]);
        await JsonBody.WriteAsync(context, document, ApiJson.Written.CopiesDocument).ConfigureAwait(false);
    }

    /// <summary>The region that a route names.</summary>
    public static string RouteOf(HttpContext context) => (string)context.Request.RouteValues["region"]!;

    private async Task<CatalogCopyDocument> CatalogAsync(string key, CancellationToken cancellation)
    {
        try
        {
            var seen = await operations.PeekCatalogAsync(key, cancellation).ConfigureAwait(false);
            return new(seen.Exists, seen.Identity.Version, seen.Identity.Version > 0 ? seen.Identity.Tag : null);
        }
        catch (CacheException error)
        {
            return new(false, 0, null, error.Message);
        }
    }

    private RegionDocument DocumentOf(string region, IReadOnlyList<SiloStatistics>? silos, string? problem)
    {
        var connection = operations.ConnectionOf(region);
        return new(
            region,
            [.. regions.OrderFrom(region).Skip(1)],
            connection.IsConnected,
            connection.Gateways.IsDefault ? [] : connection.Gateways,
            connection.RoundTrip?.TotalMilliseconds,
            [.. (silos ?? []).Select(SiloDocument.Of)],
            problem ?? connection.Problem);
    }
}
