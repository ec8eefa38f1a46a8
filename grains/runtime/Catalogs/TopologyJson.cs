using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansCache.Redis;

namespace OrleansCache.Catalogs;

/// <summary>The nodes of a region as text, for databases.</summary>
internal static partial class TopologyJson
{
    public static string Write(ImmutableArray<NodeDefinition> nodes) =>
        JsonSerializer.Serialize([.. nodes], Context.Default.NodeDefinitionArray);

    /// <exception cref="CatalogUnavailableException">The text is not a list of nodes; somebody has changed it by hand.</exception>
    public static ImmutableArray<NodeDefinition> Read(string region, string text)
    {
        try
        {
            return [.. JsonSerializer.Deserialize(text, Context.Default.NodeDefinitionArray) ?? []];
        }
        catch (JsonException error)
        {
            throw new CatalogUnavailableException(
                $"The nodes of the region {region} in the catalog's table topology cannot be read: "
                + $"{error.Message} Repair or delete that row; without it the configured nodes are used.");
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(NodeDefinition[]))]
    private sealed partial class Context : JsonSerializerContext;
}
