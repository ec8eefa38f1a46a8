using System.Collections.Immutable;

namespace OrleansCache.Http;

/// <summary>The keys that are looked up most in all regions together.</summary>
internal static class HotKeyMerge
{
    /// <summary>The most keys that are shown.</summary>
    public const int MostKeys = 10;

    // One that is looked up less often than this is not hot, however little else is looked up.
    private const double LeastRate = 0.2;

    /// <summary>Merges what the silos say: a silo knows shares, which count as much as it answers lookups.</summary>
    public static ImmutableArray<LiveHotKey> Of(IEnumerable<RegionWatch> regions)
    {
        RegionWatch[] all = [.. regions];
        var lookups = all.Sum(region => region.Lookups);
        return
        [
            .. all.SelectMany(region => region.HotKeys.Select(key => (key.Key, key.Rate, Region: region.Name)))
                .GroupBy(key => key.Key, StringComparer.Ordinal)
                .Select(key => new LiveHotKey(
                    key.Key,
                    Math.Round(key.Sum(one => one.Rate), 1),
                    Math.Round(key.Sum(one => one.Rate) / lookups, 4),
                    [
                        .. key.GroupBy(one => one.Region).OrderByDescending(one => one.Sum(part => part.Rate)).Select(one => one.Key),
                    ]))
                .Where(key => key.Rate >= LeastRate)
                .OrderByDescending(key => key.Rate).ThenBy(key => key.Key, StringComparer.Ordinal)
                .Take(MostKeys),
        ];
    }
}
