using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace OrleansCache.Http;

/// <summary>
/// The entity tag of a book (RFC 9110, 8.8.3): its version and its tag, as in <c>"7-0f8fad5bd9cb469fa16570867728950e"</c>.
/// </summary>
internal static class EntityTag
{
    private const string Example = "\"7-0f8fad5bd9cb469fa16570867728950e\"";

    public static string Of(long version, Guid tag) => string.Create(CultureInfo.InvariantCulture, $"\"{version}-{tag:N}\"");

    /// <summary>Whether a list of the header If-None-Match has an entity tag; by the weak comparison.</summary>
    public static bool IsIn(StringValues list, string etag)
    {
        foreach (var line in list)
        {
            for (var rest = line.AsSpan(); Next(ref rest, out var tag, out _);)
            {
                if (tag is "*" || tag.SequenceEqual(etag))
                    return true;
            }
        }

        return false;
    }

    /// <summary>The version that the header If-Match names.</summary>
    /// <exception cref="RequestException">It names none, several, or one that is not of this server.</exception>
    public static (long Version, Guid Tag) Expected(StringValues header)
    {
        var rest = header.ToString().AsSpan();
        if (!Next(ref rest, out var tag, out var isWeak))
            throw Invalid($"If-Match is \"{header}\"; give the ETag of the book that the edit is based on, as in If-Match: {Example}.");
        if (tag is "*")
            throw Invalid("If-Match: * is not supported; look the book up, and give the ETag of the answer.");
        if (isWeak)
            throw Invalid($"If-Match has the weak tag {header}; give the ETag of the answer as it was, without W/.");
        if (Next(ref rest, out _, out _))
            throw Invalid($"If-Match has several tags ({header}); give the one that the edit is based on.");
        var text = tag.Trim('"');
        if (text.IndexOf('-') is > 0 and var dash
            && long.TryParse(text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && version > 0
            && Guid.TryParse(text[(dash + 1)..], out var id))
        {
            return (version, id);
        }

        throw Invalid($"If-Match is {header}, which is no ETag of this server; they are like {Example}.");
    }

    /// <summary>The next tag of a list, with its quotes.</summary>
    private static bool Next(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> tag, out bool isWeak)
    {
        rest = rest.TrimStart(" \t,");
        isWeak = rest.StartsWith("W/");
        if (isWeak)
            rest = rest[2..];
        if (rest.IsEmpty)
        {
            tag = default;
            return false;
        }

        // A comma between quotes is a part of the tag.
        var quoted = rest[0] == '"' ? rest[1..].IndexOf('"') : -1;
        var end = quoted >= 0 ? quoted + 2 : rest.IndexOf(',') is >= 0 and var comma ? comma : rest.Length;
        tag = rest[..end].Trim();
        rest = rest[end..];
        return true;
    }

    private static RequestException Invalid(string message) => new(400, "invalid-condition", message);
}
