using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OrleansCache.Client;

namespace OrleansCache.Http;

/// <summary>Reads the options of a lookup from a request. The usual ones are made once.</summary>
internal sealed class LookupQuery(RegionMap regions, ILocalSilo silo)
{
    private readonly GetOptions _usual = new() { Region = silo.Region };

    private readonly FrozenDictionary<string, GetOptions> _byRegion =
        regions.Names.ToFrozenDictionary(name => name, name => new GetOptions { Region = name });

    /// <summary>The options that a request asks for.</summary>
    /// <exception cref="RequestException">A parameter is invalid.</exception>
    public GetOptions Read(HttpRequest request)
    {
        var options = _usual;
        if (request.QueryString.HasValue)
        {
            if (Parameter(request, "region") is { } region)
                options = _byRegion.GetValueOrDefault(region) ?? options with { Region = region };
            if (Parameter(request, "atLeast") is { } text)
                options = options with { AtLeast = VersionOf(text) };
        }

        var control = request.Headers.CacheControl;
        return control.Count == 0 ? options : Controlled(options, control);
    }

    /// <summary>The value of a parameter that may be given once; null when it is not given.</summary>
    /// <exception cref="RequestException">It is given several times.</exception>
    public static string? Parameter(HttpRequest request, string name)
    {
        var values = request.Query[name];
        return values.Count > 1
            ? throw new RequestException(400, "invalid-parameter", $"The parameter {name} is given {values.Count} times; give it once.")
            : (string?)values;
    }

    private static GetOptions Controlled(GetOptions options, StringValues control)
    {
        foreach (var line in control)
        {
            foreach (var directive in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                if (directive.Equals("no-cache", StringComparison.OrdinalIgnoreCase))
                    options = options with { Fresh = true };
                else if (directive.Equals("max-stale=0", StringComparison.OrdinalIgnoreCase))
                    options = options with { RequireCoherent = true };
            }
        }

        return options;
    }

    private static long VersionOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
            ? version
            : throw new RequestException(400, "invalid-parameter", $"atLeast is \"{text}\"; give the number of a version, from 1.");
}
