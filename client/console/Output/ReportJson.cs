using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansCache.Cli.Output.Reports;

namespace OrleansCache.Cli.Output;

/// <summary>The JSON form of the reports: camelCase, durations in milliseconds, nothing that is null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(LookupReport))]
[JsonSerializable(typeof(RegionsReport))]
[JsonSerializable(typeof(RingReport))]
[JsonSerializable(typeof(StatsReport))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(HelpReport))]
[JsonSerializable(typeof(TextReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>The context to write with: letters of all scripts stand as they are, since no document goes into HTML.</summary>
    public static ReportJson Readable { get; } = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
