using Microsoft.AspNetCore.Http;
using OrleansCache.Client;

namespace OrleansCache.Http;

/// <summary><c>/v1/books</c>: looks many books up at once.</summary>
internal sealed class ManyBooksEndpoints(IBookCache books, LookupQuery queries)
{
    private const int MaxKeys = 1_000;
    private const long MaxBodyBytes = 512 * 1024;

    /// <summary>GET with the keys in the query.</summary>
    public Task GetAsync(HttpContext context)
    {
        string[] keys =
        [
            .. context.Request.Query["keys"].SelectMany(list => (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)),
        ];
        return LookUpAsync(context, keys);
    }

    /// <summary>POST with the keys in the body: more keys than a query has room for, and keys with commas.</summary>
    public async Task PostAsync(HttpContext context)
    {
        var document = await JsonBody.ReadAsync(context, ApiJson.Written.KeysDocument, MaxBodyBytes).ConfigureAwait(false);
        await LookUpAsync(context, document.Keys).ConfigureAwait(false);
    }

    private async Task LookUpAsync(HttpContext context, IReadOnlyList<string> keys)
    {
        if (keys.Count is 0 or > MaxKeys)
        {
            throw new RequestException(
                400, "invalid-parameter", $"{keys.Count} keys are given; give 1 to {MaxKeys}, as in /v1/books?keys=book::1984,book::2666.");
        }

        var options = queries.Read(context.Request);
        try
        {
            var results = await books.GetManyAsync(keys, options, context.RequestAborted).ConfigureAwait(false);
            LookupDocument[] documents = [.. results.Select(LookupDocument.Of)];
            context.Response.Headers.CacheControl = "no-cache";
            await JsonBody.WriteAsync(context, documents, ApiJson.Written.LookupDocumentArray).ConfigureAwait(false);
        }
        catch (LookupFailedException error) when (options.RequireCoherent)
        {
            throw new RequestException(504, "flagged-answer", error.Message, error);
        }
    }
}
