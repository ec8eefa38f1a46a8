using Microsoft.AspNetCore.Http;

namespace OrleansCache.Http;

/// <summary>The table of errors: which status and which <see cref="Problem"/> answers what.</summary>
internal static class Problems
{
    /// <summary>What all types of problems begin with.</summary>
    public const string Prefix = "urn:orleanscache:problem:";

    public const string ContentType = "application/problem+json";

    /// <summary>The problem of an exception; null if it is unexpected, which is a bug.</summary>
    public static Problem? Of(Exception error) => error switch
    {
        RequestException request => Of(request.Status, request.Type, request.Message) with
        {
            EditId = request.EditId,
            Current = request.Current,
        },
        InvalidKeyException => Of(400, "invalid-key", error.Message),
        InvalidPayloadException => Of(400, "invalid-book", error.Message),
        NotPermittedException => Of(403, "forbidden", error.Message),
        InvalidTopologyException => Of(400, "invalid-topology", error.Message),
        UnknownRegionException => Of(404, "unknown-region", error.Message),
        LookupFailedException => Of(503, "no-answer", error.Message),
        LookupRefusedException => Of(503, "overload", error.Message),
        EditConflictException conflict => Of(412, "conflict", error.Message) with
        {
            Current = new(conflict.Current.Version, conflict.Current.Tag),
        },
        CatalogUnavailableException => Of(503, "catalog-unavailable", error.Message),
        RegionUnavailableException or StaleEpochException => Of(503, "region-unavailable", error.Message),
        OutcomeUnknownException => Of(504, "outcome-unknown", error.Message),
        BadHttpRequestException bad => Of(bad),
        _ => null,
    };

    /// <summary>The problem of an answer that has a status alone.</summary>
    public static Problem Of(int status, HttpRequest request) => status switch
    {
        400 => Of(400, "bad-request", "The request cannot be understood; docs/http.md has examples."),
        401 => Of(401, "unauthenticated", "This needs a key or a token: Authorization: Bearer KEY, or X-Api-Key: KEY."),
        403 => Of(403, "forbidden", "The key or token does not allow this; use one with the role that docs/http.md names for it."),
        404 => Of(404, "unknown-route", $"There is nothing at {Shown(request)}; /openapi/v1.json lists what there is."),
        405 => Of(405, "method-not-allowed", $"{request.Method} is not possible here; the header Allow lists what is."),
        415 => Of(415, "unsupported-media-type", "The body has another Content-Type than application/json; send it as that, in UTF-8."),
        _ => Of(status, "error", $"The request was refused with the status {status}."),
    };

    /// <summary>A problem.</summary>
    public static Problem Of(int status, string type, string detail) => new(Prefix + type, TitleOf(type), status, detail);

    private static Problem Of(BadHttpRequestException bad) => bad.StatusCode switch
    {
        408 => Of(408, "too-slow", "The body of the request came too slowly; send it again."),
        413 => Of(413, "too-large", "The body of the request is too large; a book may take 64 KiB, a list of keys 512 KiB."),
        var status => Of(status, "bad-request", bad.Message),
    };

    private static string TitleOf(string type) => type switch
    {
        "invalid-key" => "The key is invalid",
        "invalid-book" => "The book is invalid",
        "invalid-json" => "The body is not the JSON document that is needed",
        "invalid-parameter" => "A parameter is invalid",
        "invalid-condition" => "A condition is invalid",
        "invalid-topology" => "The change of the ring is invalid",
        "unsupported-media-type" => "The body has another type than application/json",
        "not-found" => "There is no such book",
        "unknown-region" => "There is no such region",
        "unknown-node" => "There is no such node",
        "unknown-route" => "There is nothing at this address",
        "method-not-allowed" => "The method is not possible here",
        "conflict" => "The condition does not hold",
        "node-exists" => "There is such a node already",
        "no-answer" => "No region has answered",
        "flagged-answer" => "There are only answers that may be stale",
        "overload" => "There is too much to do",
        "catalog-unavailable" => "The catalog cannot be used",
        "region-unavailable" => "The region does not answer",
        "outcome-unknown" => "Whether the edit was made is not known",
        "too-large" => "The body is too large",
        "too-slow" => "The body came too slowly",
        "unauthenticated" => "Credentials are missing or wrong",
        "forbidden" => "The credentials do not allow this",
        "foreign-origin" => "The request comes from another web site",
        "foreign-host" => "The request is for another host",
        "bad-request" => "The request is malformed",
        "internal" => "The server has failed",
        _ => "The request was refused",
    };

    private static string Shown(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        return path.Length <= 100 ? path : string.Concat(path.AsSpan(0, 100), "...");
    }
}
