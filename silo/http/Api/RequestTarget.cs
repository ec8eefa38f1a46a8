using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansCache.Http;

/// <summary>
/// The target of a request as it was sent. The path that routing sees is decoded and has no dot segments any more, so another key, or
/// another route, could be meant by it than was written.
/// </summary>
internal static class RequestTarget
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Why a target must not be routed; null when it may.</summary>
    public static string? ProblemOf(string rawTarget)
    {
        var path = PathOf(rawTarget);
        if (path.IndexOfAny('%', '.', '\\') < 0)
            return null;
        if (path.Contains("%2f", StringComparison.OrdinalIgnoreCase) || path.Contains("%00", StringComparison.Ordinal))
        {
            return "The path has an encoded slash (%2F) or NUL (%00), which a key in a path cannot have; a key with a slash can be looked "
                + "up with POST /v1/books.";
        }

        foreach (var range in path.Split('/'))
        {
            if (IsDots(path[range]))
                return "The path has a segment . or .., which a key in a path cannot be; it can be looked up with POST /v1/books.";
        }

        return null;
    }

    /// <summary>The key in the last segment of a path, or in the one before.</summary>
    /// <param name="context">The request.</param>
    /// <param name="prefix">The path before the key, with a slash at its end.</param>
    /// <param name="suffix">The path after the key, or empty.</param>
    /// <exception cref="InvalidKeyException">The encoding is not that of a text.</exception>
    public static string KeyOf(HttpContext context, string prefix, string suffix = "")
    {
        var path = PathOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (path.EndsWith('/'))
            path = path[..^1];
        // Routing has matched the decoded path; in an encoded one the key would be looked for at the wrong place.
        if (!path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) || !path.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            throw new InvalidKeyException($"The path has percent signs beside the key; write it as {prefix}KEY{suffix}.");
        var text = path[prefix.Length..^suffix.Length];
        return text.Contains('%') ? Decode(text) : text.ToString();
    }

    /// <summary>A key as a path has it.</summary>
    public static string PathOfKey(string key) => $"/v1/books/{Uri.EscapeDataString(key).Replace("%3A", ":", StringComparison.Ordinal)}";

    private static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> target)
    {
        if (target.IndexOf('?') is >= 0 and var query)
            target = target[..query];
        // The absolute form, which proxies send: only what follows the host counts.
        if (!target.StartsWith('/') && target.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme)
        {
            target = target[(scheme + 3)..];
            target = target.IndexOf('/') is >= 0 and var root ? target[root..] : "/";
        }

        return target;
    }

    private static bool IsDots(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        for (; !segment.IsEmpty && dots < 3; dots++)
        {
            if (segment[0] == '.')
                segment = segment[1..];
            else if (segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase))
                segment = segment[3..];
            else
                return false;
        }

        return dots is 1 or 2;
    }

    private static string Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Strict.GetMaxByteCount(text.Length)];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                // Kestrel takes ASCII alone for a target.
                bytes[count++] = (byte)text[i];
            }
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[count++] = Convert.FromHexString(text.Slice(i + 1, 2))[0];
                i += 2;
            }
            else
            {
                throw new InvalidKeyException($"The key \"{text}\" has a % without two hexadecimal digits after it; write %25 for a %.");
            }
        }

        try
        {
            return Strict.GetString(bytes, 0, count);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidKeyException($"The key \"{text}\" is not UTF-8; encode it as UTF-8 and then with percent signs.");
        }
    }
}
