using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansCache.Cli.Output.Reports;

namespace OrleansCache.Cli.Output;

/// <summary>The JSON form of the reports: camelCase, durations in milliseconds, nothing that is null.</summary>
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(LookupReport))]
[JsonSerializable(typeof(RegionsReport))]
[JsonSerializable(typeof(RingReport))]
[JsonSerializable(typeof(StatsReport))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(EditReport))]
[JsonSerializable(typeof(PurgeReport))]
[JsonSerializable(typeof(WatchReport))]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(HelpReport))]
[JsonSerializable(typeof(TextReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>The form that is written.</summary>
    public static ReportJson Written { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Letters of all scripts stand as they are: no document goes into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
