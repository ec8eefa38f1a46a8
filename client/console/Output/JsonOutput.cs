using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansCache.Cli.Output.Reports;

namespace OrleansCache.Cli.Output;

/// <summary>Output for programs: one JSON document per command, also for errors; notices go to standard error.</summary>
internal sealed class JsonOutput(TextWriter answers, TextWriter notices) : IOutput
{
    public void Write(IReport report) =>
        answers.WriteLine(PlainText.OfJson(JsonSerializer.Serialize(report, report.GetType(), ReportJson.Written)));

    public void Part(IReport report)
    {
    }

    public void Error(ErrorReport error) => Write(error);

    public void Notice(string text) => notices.WriteLine(PlainText.Of(text));

    public bool IsScreen => false;

    public Task RefreshAsync(Func<ILiveReport> current, TimeSpan period, CancellationToken cancellation) =>
        throw new NotSupportedException("A JSON document is written once.");

    public Task<T> WithProgressAsync<T>(string title, Func<IProgress<ProgressStep>, Task<T>> work) => work(NoProgress.Instance);
}

/// <summary>The JSON form of the reports: camelCase, durations in milliseconds, no null values.</summary>
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(LookupReport))]
[JsonSerializable(typeof(RegionsReport))]
[JsonSerializable(typeof(DistanceReport))]
[JsonSerializable(typeof(RingReport))]
[JsonSerializable(typeof(StatsReport))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(ExportReport))]
[JsonSerializable(typeof(EditReport))]
[JsonSerializable(typeof(PurgeReport))]
[JsonSerializable(typeof(WatchReport))]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(HelpReport))]
[JsonSerializable(typeof(TextReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>The serializer with its options.</summary>
    public static ReportJson Written { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // The documents are not embedded in HTML, so letters of all scripts need no escaping.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
