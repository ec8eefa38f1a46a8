using System.Globalization;
using OrleansCache.Configuration;
using OrleansCache.Redis;

namespace OrleansCache.Silo.Configuration;

/// <summary>Finds what cannot work in a silo's settings, each by its name, before anything is started.</summary>
internal static class HostSettingsValidator
{
    private static readonly TimeSpan LongestProbe = TimeSpan.FromMinutes(1);

    public static IEnumerable<string> Problems(HostSettings host, CacheSettings cache)
    {
        var problems = new List<string>();
        var (silo, clustering) = (host.Silo, host.Clustering);
        Check(IsId(host.ClusterId), nameof(host.ClusterId), host.ClusterId, "from 1 to 64 characters without spaces");
        Check(IsId(host.ServiceId), nameof(host.ServiceId), host.ServiceId, "from 1 to 64 characters without spaces");
        Check(cache.Regions.Any(region => region.Name == silo.Region), "Silo:Region", silo.Region, $"one of the regions that are configured in {CacheSettings.Section}:Regions ({Names(cache)})");
        Check(silo.Number is >= 1 and <= 9_999, "Silo:Number", silo.Number, "from 1 to 9999");
        Check(silo.SiloPort is >= 1 and <= 65_535, "Silo:SiloPort", silo.SiloPort, "from 1 to 65535");
        Check(silo.GatewayPort is >= 1 and <= 65_535, "Silo:GatewayPort", silo.GatewayPort, "from 1 to 65535");
        Check(silo.SiloPort != silo.GatewayPort, "Silo:GatewayPort", silo.GatewayPort, "another port than Silo:SiloPort");
        Check(Uri.CheckHostName(silo.Address) != UriHostNameType.Unknown, "Silo:Address", silo.Address, "an IP address or a host name");
        Check(!IsWildcard(silo.Address), "Silo:Address", silo.Address, "the address that others reach this silo by; to listen on all addresses set Silo:ListenOnAny");
        CheckTime("Clustering:ProbeTimeout", clustering.ProbeTimeout, 100, LongestProbe);
        Check(clustering.MissedProbes is >= 2 and <= 100, "Clustering:MissedProbes", clustering.MissedProbes, "from 2 to 100");
        Check(clustering.Votes is >= 1 and <= 10, "Clustering:Votes", clustering.Votes, "from 1 to 10");
        Check(clustering.Primary.Length == 0 || HostAddress.TryParse(clustering.Primary, out _), "Clustering:Primary", clustering.Primary, "host:port of the first silo's silo port, such as 127.0.0.1:11111");
        if (clustering.Redis.Length > 0)
        {
            if (clustering.Primary.Length > 0)
                problems.Add($"{CacheSettings.Section}:Clustering:Primary is {clustering.Primary} although Clustering:Redis is set; silos find each other one way or the other, leave one of them empty.");
            try
            {
                RedisConnection.Parse(clustering.Redis);
            }
            catch (InvalidTopologyException error)
            {
                problems.Add($"{CacheSettings.Section}:Clustering:Redis: {error.Message}");
            }
        }

        CheckFile("Certificate", silo.Tls.Certificate);
        CheckFile("Key", silo.Tls.Key);
        CheckFile("Authority", silo.Tls.Authority);
        return problems;

        void CheckFile(string setting, string path) =>
            Check(path.Length == 0 || File.Exists(path), $"Silo:Tls:{setting}", path, "the path of a file that is there");

        void CheckTime(string setting, TimeSpan value, int leastMilliseconds, TimeSpan most) =>
            Check(value >= TimeSpan.FromMilliseconds(leastMilliseconds) && value <= most, setting, value, $"at least {leastMilliseconds} ms and at most {most}");

        void Check(bool holds, string setting, object value, string rule)
        {
            if (!holds)
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{CacheSettings.Section}:{setting} is {(value is "" ? "not set" : value)}; it must be {rule}."));
        }
    }

    private static bool IsId(string text) => text.Length is >= 1 and <= 64 && !text.Any(char.IsWhiteSpace);

    private static bool IsWildcard(string address) => address is "0.0.0.0" or "::" or "[::]" or "*";

    private static string Names(CacheSettings cache) =>
        cache.Regions.Count == 0 ? "there are none" : string.Join(", ", cache.Regions.Select(region => region.Name));
}
