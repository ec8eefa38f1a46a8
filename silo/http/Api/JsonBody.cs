using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace OrleansCache.Http;

/// <summary>Reads and writes JSON documents.</summary>
internal static class JsonBody
{
    public const string ContentType = "application/json";

    /// <summary>Reads the body of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="type">What it must be.</param>
    /// <param name="maxBytes">How large it may be.</param>
    /// <exception cref="RequestException">The body is no such document, or has another type.</exception>
    /// <exception cref="BadHttpRequestException">The body is too large, or came too slowly.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, long maxBytes)
    {
        var request = context.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var given)
            || !given.MediaType.Equals(ContentType, StringComparison.OrdinalIgnoreCase)
            || (given.Charset.HasValue && !given.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            throw new RequestException(
                415,
                "unsupported-media-type",
                $"The Content-Type is \"{request.ContentType}\"; send the body as application/json, in UTF-8.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = maxBytes;
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, type, context.RequestAborted).ConfigureAwait(false)
                ?? throw new RequestException(400, "invalid-json", "The body is null; docs/http.md says which document is needed.");
        }
        catch (JsonException error)
        {
            throw new RequestException(400, "invalid-json", $"The body cannot be used: {error.Message}", error);
        }
    }

    /// <summary>Writes an answer.</summary>
    public static Task WriteAsync<T>(HttpContext context, T document, JsonTypeInfo<T> type, int status = 200)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(document, type);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        if (response.Headers.CacheControl.Count == 0)
            response.Headers.CacheControl = "no-store";
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
