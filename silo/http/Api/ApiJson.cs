using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansCache.Http;

/// <summary>The JSON form of what is read and written: camelCase, durations in milliseconds, no null values.</summary>
[JsonSerializable(typeof(BookDocument))]
[JsonSerializable(typeof(LookupDocument[]))]
[JsonSerializable(typeof(KeysDocument))]
[JsonSerializable(typeof(EditDocument))]
[JsonSerializable(typeof(RegionsDocument))]
[JsonSerializable(typeof(RingDocument))]
[JsonSerializable(typeof(NewNodeDocument))]
[JsonSerializable(typeof(WeightDocument))]
[JsonSerializable(typeof(PurgeRequestDocument))]
[JsonSerializable(typeof(PurgeDocument))]
[JsonSerializable(typeof(StatsDocument))]
[JsonSerializable(typeof(CopiesDocument))]
[JsonSerializable(typeof(ReadinessDocument))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Writes tiers by their names.</summary>
    public static JsonStringEnumConverter<Tier> Tiers { get; } = new(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

    /// <summary>The serializer with its options. A member that is unknown or there twice is an error: it may be misspelt.</summary>
    public static ApiJson Written { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { Tiers },
        // The documents are not embedded in HTML, so letters of all scripts need no escaping.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
