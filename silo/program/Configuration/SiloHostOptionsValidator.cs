using System.Net;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Http;
using OrleansCache.Redis;
using OrleansCache.Tls;

namespace OrleansCache.Silo.Configuration;

/// <summary>Finds invalid settings of a silo process, those of the cache included, before anything is started.</summary>
internal static class SiloHostOptionsValidator
{
    private const string TlsSection = $"{CacheOptions.Section}:Silo:Tls";

    /// <summary>One line for each problem; see <see cref="SettingRules"/>.</summary>
    public static IReadOnlyList<string> Problems(SiloHostOptions options)
    {
        var rules = new SettingRules();
        rules.Check(IsId(options.ClusterId), options.ClusterId, "1 to 64 characters without spaces");
        rules.Check(IsId(options.ServiceId), options.ServiceId, "1 to 64 characters without spaces");
        CheckSilo(rules, options);
        CheckClustering(rules, options);
        CheckHttp(rules, options);
        rules.Check(
            options.Leases.Predecessors is not Predecessors.None,
            options.Leases.Predecessors,
            "InTable or Unknown; without waiting for its predecessors' leases a silo process could commit edits that their readers miss");
        rules.Try("Catalog", () => CatalogFactory.Create(options.Catalog));
        return [.. rules.Problems, .. CacheOptionsValidator.Problems(options)];
    }

    private static void CheckSilo(SettingRules rules, SiloHostOptions options)
    {
        var regions = options.Regions.Select(region => region.Name).ToArray();
        rules.Check(
            regions.Contains(options.Silo.Region),
            options.Silo.Region,
            "one of the regions that are configured in OrleansCache:Regions "
            + $"({(regions.Length == 0 ? "there are none" : string.Join(", ", regions))})");
        rules.Range(options.Silo.Number, 1, 9_999);
        rules.Range(options.Silo.SiloPort, 1, 65_535);
        rules.Range(options.Silo.GatewayPort, 1, 65_535);
        rules.Check(options.Silo.SiloPort != options.Silo.GatewayPort, options.Silo.GatewayPort, "another port than Silo:SiloPort");
        rules.Check(
            Uri.CheckHostName(options.Silo.Address) != UriHostNameType.Unknown, options.Silo.Address, "an IP address or a host name");
        rules.Check(
            options.Silo.Address is not ("0.0.0.0" or "::" or "[::]" or "*"),
            options.Silo.Address,
            "the address by which others reach this silo; to listen on all addresses set Silo:ListenOnAny");
        rules.Check(IsFileOrEmpty(options.Silo.Tls.Certificate), options.Silo.Tls.Certificate, "the path of an existing file");
        rules.Check(IsFileOrEmpty(options.Silo.Tls.Key), options.Silo.Tls.Key, "the path of an existing file");
        rules.Check(IsFileOrEmpty(options.Silo.Tls.Authority), options.Silo.Tls.Authority, "the path of an existing file");
        string[] unusable = [.. TlsCertificates.Problems(options.Silo.Tls, TlsSection)];
        rules.AddRange(unusable.Length > 0 ? unusable : TlsCertificates.SiloProblems(options.Silo.Tls, TlsSection));
    }

    private static void CheckClustering(SettingRules rules, SiloHostOptions options)
    {
        rules.Range(options.Clustering.ProbeTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        rules.Range(options.Clustering.MissedProbes, 2, 100);
        rules.Range(options.Clustering.Votes, 1, 10);
        rules.Check(
            options.Clustering.Primary.Length == 0 || HostAddress.TryParse(options.Clustering.Primary, out _),
            options.Clustering.Primary,
            "host:port of the first silo's silo port, such as 127.0.0.1:11111");
        if (options.Clustering.Redis.Length == 0)
            return;
        rules.Check(
            options.Clustering.Primary.Length == 0,
            options.Clustering.Primary,
            "empty when Clustering:Redis is set, as silos find each other one way or the other");
        rules.AddRange(options.Clustering.Tls.Problems().Select(problem => $"{CacheOptions.Section}:Clustering:Tls:{problem}"));
        rules.Try("Clustering:Redis", () => RedisConnection.Parse(options.Clustering.Redis));
    }

    private static void CheckHttp(SettingRules rules, SiloHostOptions options)
    {
        rules.Range(options.Http.Port, 0, 65_535);
        rules.Check(
            IPAddress.TryParse(options.Http.Address, out _),
            options.Http.Address,
            "an IP address of this machine, 127.0.0.1 for this machine alone");
        rules.Check(
            !options.Http.IsOn || options.Http.IsLoopback || options.Http.NeedsCredentials,
            options.Http.Address,
            "127.0.0.1 while neither Http:ApiKeys nor Http:Authority say who may do what; everybody who can connect could change books");
        rules.Range(options.Http.MaxLookups, 1, 1_000_000);
        rules.Range(options.Http.MaxEdits, 1, 1_000_000);
        rules.Range(options.Http.MaxOperations, 1, 1_000_000);
        rules.Range(options.Http.TraceRatio, 0, 1);
        rules.Check(
            options.Http.OtlpEndpoint.Length == 0 || Uri.TryCreate(options.Http.OtlpEndpoint, UriKind.Absolute, out _),
            options.Http.OtlpEndpoint,
            "the address of an OpenTelemetry collector, such as http://127.0.0.1:4317");
        rules.Check(
            options.Http.Authority.Length == 0 || Uri.TryCreate(options.Http.Authority, UriKind.Absolute, out _),
            options.Http.Authority,
            "the address of the issuer of bearer tokens");
        for (var i = 0; i < options.Http.ApiKeys.Count; i++)
            CheckKey(rules, options.Http, i);
        for (var i = 0; i < options.Http.Origins.Count; i++)
        {
            var origin = options.Http.Origins[i];
            rules.Check(
                Uri.TryCreate(origin, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                    && address.GetLeftPart(UriPartial.Authority) == origin,
                origin,
                "the scheme and host of a web page, such as https://shop.example, without a slash at its end",
                $"options.Http.Origins:{i}");
        }
    }

    private static void CheckKey(SettingRules rules, HttpOptions http, int index)
    {
        var key = http.ApiKeys[index];
        var setting = $"options.Http.ApiKeys:{index}";
        rules.Check(
            key.Id.Length is >= 1 and <= 64 && http.ApiKeys.Count(other => other.Id == key.Id) == 1,
            key.Id,
            "a name of 1 to 64 characters that no other key has",
            $"{setting}:{nameof(key.Id)}");
        rules.Check(
            key.Hash.Length == 64 && key.Hash.All(char.IsAsciiHexDigit),
            "no hash",
            "the SHA-256 of the key as 64 hexadecimal digits, which orleanscache-silo key prints",
            $"{setting}:{nameof(key.Hash)}");
        rules.Check(
            Roles.All.Contains(key.Role),
            key.Role,
            $"{string.Join(", ", Roles.All[..^1])} or {Roles.All[^1]}",
            $"{setting}:{nameof(key.Role)}");
    }

    private static bool IsId(string text) => text.Length is >= 1 and <= 64 && !text.Any(char.IsWhiteSpace);

    private static bool IsFileOrEmpty(string path) => path.Length == 0 || File.Exists(path);
}
