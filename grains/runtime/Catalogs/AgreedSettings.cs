using System.Globalization;
using OrleansCache.Configuration;

namespace OrleansCache.Catalogs;

/// <summary>
/// The settings without which silos would answer wrongly together: which owner a key has, how long its leases last, and where owners are.
/// The catalog keeps them, and each silo compares its own at its start.
/// </summary>
internal static class AgreedSettings
{
    /// <summary>A silo's own values, by the names under which the catalog keeps them.</summary>
    public static Dictionary<string, string> Of(CacheOptions options) => new(StringComparer.Ordinal)
    {
        ["slots"] = options.Slots.ToString(CultureInfo.InvariantCulture),
        ["lease-length"] = options.Leases.Length.ToString("c", CultureInfo.InvariantCulture),
        ["home"] = options.Home,
    };

    /// <summary>A line for each setting of which the cluster has another value.</summary>
    public static IEnumerable<string> Differences(
        IReadOnlyDictionary<string, string> mine, IReadOnlyDictionary<string, string> agreed) =>
        from setting in mine
        let value = agreed[setting.Key]
        where value != setting.Value
        select $"{CacheOptions.Section}:{Configured(setting.Key)} is {setting.Value} on this silo, but the cluster has {value} "
            + $"according to the catalog; set it to {value}. To change it for all, stop all silos, run \"orleanscache-silo settings "
            + "forget\" with the settings of this catalog, and start all silos with the new value.";

    private static string Configured(string name) => name switch
    {
        "slots" => nameof(CacheOptions.Slots),
        "lease-length" => $"{nameof(CacheOptions.Leases)}:{nameof(LeaseOptions.Length)}",
        _ => nameof(CacheOptions.Home),
    };
}
