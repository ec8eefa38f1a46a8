using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OrleansCache.Client;

namespace OrleansCache.Http;

/// <summary>Reads the conditions of an edit from the headers of a request.</summary>
internal static class EditConditions
{
    /// <summary>The options of an edit, which always have an id: with it the edit can be repeated when its outcome is unknown.</summary>
    /// <exception cref="RequestException">A condition is invalid.</exception>
    public static EditOptions Read(IHeaderDictionary headers, bool isRemoval)
    {
        var options = new EditOptions { Id = IdOf(headers["Idempotency-Key"]) };
        var (match, noneMatch) = (headers.IfMatch, headers.IfNoneMatch);
        if (match.Count > 0 && noneMatch.Count > 0)
            throw Invalid("If-Match and If-None-Match are both given; give one of them.");
        if (match.Count > 0)
        {
            var (version, tag) = EntityTag.Expected(match);
            return options with { ExpectedVersion = version, ExpectedTag = tag };
        }

        if (noneMatch.Count == 0)
            return options;
        if (isRemoval)
            throw Invalid("If-None-Match is given for a removal; give If-Match with the ETag of the book, or nothing.");
        return noneMatch.ToString().Trim() is "*"
            ? options with { CreateOnly = true }
            : throw Invalid($"If-None-Match is {noneMatch}; for an edit it can only be *, for a book that must be new.");
    }

    private static Guid IdOf(StringValues header)
    {
        if (header.Count == 0)
            return Guid.NewGuid();
        // A structured field (RFC 8941) has quotes; without them it is understood as well.
        return Guid.TryParse(header.ToString().Trim().Trim('"'), out var id) && id != Guid.Empty
            ? id
            : throw Invalid($"Idempotency-Key is {header}; give a UUID, a new one for each edit, or leave it out.");
    }

    private static RequestException Invalid(string message) => new(400, "invalid-condition", message);
}
