using System.Text.Json;
using OrleansCache.Settings;

namespace OrleansCache.Silo.Processes;

/// <summary>Settings of the section <c>OrleansCache</c> by their names below it, as a JSON file has them.</summary>
internal static class ClusterSettings
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>The content of the file. The configuration's JSON reader takes names with colons for paths.</summary>
    public static string ToJson(IReadOnlyDictionary<string, string> settings) =>
        JsonSerializer.Serialize(settings.ToDictionary(setting => $"{CacheSettings.Section}:{setting.Key}", setting => setting.Value), Json);
}
