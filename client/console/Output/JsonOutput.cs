using System.Text.Json;

namespace OrleansCache.Cli.Output;

/// <summary>Answers for programs: one JSON document per command on the standard output, errors too; notices beside it.</summary>
internal sealed class JsonOutput(TextWriter answers, TextWriter notices) : IOutput
{
    public void Write(IReport report) => answers.WriteLine(JsonSerializer.Serialize(report, report.GetType(), ReportJson.Written));

    public void Part(IReport report)
    {
    }

    public void Error(ErrorReport error) => Write(error);

    public void Notice(string text) => notices.WriteLine(text);

    public bool IsScreen => false;

    public Task RefreshAsync(Func<ILiveReport> current, TimeSpan period, CancellationToken cancellation) =>
        throw new NotSupportedException("A JSON document is written once.");

    public Task<T> WithProgressAsync<T>(string title, Func<IProgress<ProgressStep>, Task<T>> work) => work(new Silent());

    private sealed class Silent : IProgress<ProgressStep>
    {
        public void Report(ProgressStep value)
        {
        }
    }
}
