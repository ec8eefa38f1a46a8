using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansCache.Configuration;

namespace OrleansCache.LocalClusters;

/// <summary>Settings of the section <c>OrleansCache</c> by their names below it, as a JSON file has them.</summary>
internal static class ClusterSettings
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>The content of the file.</summary>
    public static string ToJson(IReadOnlyDictionary<string, string> settings) =>
        new JsonObject { [CacheSettings.Section] = Nest(settings.Select(setting => (Path: setting.Key.Split(':'), setting.Value)).ToArray(), 0) }.ToJsonString(Json);

    private static JsonNode? Nest((string[] Path, string Value)[] settings, int depth)
    {
        if (settings is [var only] && only.Path.Length == depth)
            return only.Value;
        var children = settings.GroupBy(setting => setting.Path[depth]).Select(group => (Name: group.Key, Node: Nest([.. group], depth + 1))).ToArray();
        return children.All(child => int.TryParse(child.Name, CultureInfo.InvariantCulture, out _))
            ? new JsonArray([.. children.OrderBy(child => int.Parse(child.Name, CultureInfo.InvariantCulture)).Select(child => child.Node)])
            : new JsonObject(children.Select(child => KeyValuePair.Create(child.Name, child.Node)));
    }
}
