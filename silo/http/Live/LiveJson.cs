using System.Text.Json.Serialization;

namespace OrleansCache.Http;

/// <summary>The JSON of the page's endpoints.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(LiveMessage))]
[JsonSerializable(typeof(KeyCopies))]
[JsonSerializable(typeof(KeyWay))]
[JsonSerializable(typeof(LiveError))]
internal sealed partial class LiveJson : JsonSerializerContext;

/// <summary>An error of the page's endpoints, as problem details.</summary>
internal sealed record LiveError(string Title, string Detail, int Status);
