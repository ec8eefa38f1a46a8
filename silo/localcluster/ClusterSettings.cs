using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansCache.Configuration;

namespace OrleansCache.LocalClusters;

/// <summary>Writes the settings of clusters for development and tests. Names are those below the section <c>OrleansCache</c>.</summary>
internal static class ClusterSettings
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>The regions, each with one node; the first region is home.</summary>
    /// <param name="regions">The regions' names.</param>
    /// <param name="nodeOf">The connection string of a region's node.</param>
    public static Dictionary<string, string> Of(IReadOnlyList<string> regions, Func<string, string> nodeOf)
    {
        var settings = new Dictionary<string, string> { [nameof(CacheOptions.Home)] = regions[0] };
        for (var i = 0; i < regions.Count; i++)
        {
            settings[$"Regions:{i}:Name"] = regions[i];
            settings[$"Regions:{i}:Nodes:0:Name"] = $"{regions[i]}-1";
            settings[$"Regions:{i}:Nodes:0:Connection"] = nodeOf(regions[i]);
        }

        return settings;
    }

    /// <summary>Replaces and adds settings.</summary>
    public static Dictionary<string, string> With(
        this Dictionary<string, string> settings, IEnumerable<KeyValuePair<string, string>> others)
    {
        foreach (var (name, value) in others)
            settings[name] = value;
        return settings;
    }

    /// <summary>The settings by their whole names, as a configuration in memory takes them.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> InSection(this IEnumerable<KeyValuePair<string, string>> settings) =>
        settings.Select(setting => KeyValuePair.Create($"{CacheOptions.Section}:{setting.Key}", (string?)setting.Value));

    /// <summary>The settings as the content of a JSON file.</summary>
    public static string ToJson(IReadOnlyDictionary<string, string> settings) => new JsonObject
    {
        [CacheOptions.Section] = Nest([.. settings.Select(setting => (Path: setting.Key.Split(':'), setting.Value))], 0),
    }.ToJsonString(Json);

    private static JsonNode? Nest((string[] Path, string Value)[] settings, int depth)
    {
        if (settings is [var only] && only.Path.Length == depth)
            return only.Value;
        var children = settings.GroupBy(setting => setting.Path[depth])
            .Select(group => (Name: group.Key, Node: Nest([.. group], depth + 1)))
            .ToArray();
        return children.All(child => int.TryParse(child.Name, CultureInfo.InvariantCulture, out _))
            ? new JsonArray([.. children.OrderBy(child => int.Parse(child.Name, CultureInfo.InvariantCulture)).Select(child => child.Node)])
            : new JsonObject(children.Select(child => KeyValuePair.Create(child.Name, child.Node)));
    }
}
