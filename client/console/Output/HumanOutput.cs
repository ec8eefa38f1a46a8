using Spectre.Console;

namespace OrleansCache.Cli.Output;

/// <summary>Output for people: colors, boxes and a progress bar on a terminal, plain text elsewhere.</summary>
internal sealed class HumanOutput : IOutput
{
    private const int PlainWidth = 160;

    // Messages are not wrapped where they may go to a log.
    private const int PlainLineWidth = 10_000;

    private readonly IAnsiConsole _answers;
    private readonly IAnsiConsole _notices;

    /// <summary>Writes answers to one writer and errors and notices to another.</summary>
    public HumanOutput(TextWriter answers, bool answersOnTerminal, TextWriter notices, bool noticesOnTerminal)
    {
        _answers = Open(answers, answersOnTerminal, PlainWidth);
        _notices = ReferenceEquals(answers, notices) ? _answers : Open(notices, noticesOnTerminal, PlainLineWidth);
    }

    public void Write(IReport report) => report.Render(_answers);

    public void Part(IReport report) => report.Render(_answers);

    public void Error(ErrorReport error) => error.Render(_notices);

    public void Notice(string text)
    {
        _notices.Write(new Text(text, new Style(Color.Grey)));
        _notices.WriteLine();
    }

    public bool IsScreen => _answers.Profile.Capabilities.Ansi;

    public Task RefreshAsync(Func<ILiveReport> current, TimeSpan period, CancellationToken cancellation) =>
        _answers.Live(current().Draw(_answers)).StartAsync(async live =>
        {
            while (!cancellation.IsCancellationRequested)
            {
                live.UpdateTarget(current().Draw(_answers));
                await Task.Delay(period, TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });

    public async Task<T> WithProgressAsync<T>(string title, Func<IProgress<ProgressStep>, Task<T>> work)
    {
        if (!_notices.Profile.Capabilities.Ansi)
            return await work(NoProgress.Instance).ConfigureAwait(false);
        var bar = _notices.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn());
        return await bar.StartAsync(async progress =>
        {
            var task = progress.AddTask(Markup.Escape(title), maxValue: 1);
            return await work(new BarProgress(task, title)).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private static IAnsiConsole Open(TextWriter writer, bool terminal, int plainWidth)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            // The progress bar needs this; there are no prompts for input.
            Interactive = terminal ? InteractionSupport.Yes : InteractionSupport.No,
        });
        console.Pipeline.Attach(new PlainSegments());
        if (!terminal)
            console.Profile.Width = plainWidth;
        return console;
    }

    private sealed class BarProgress(ProgressTask task, string title) : IProgress<ProgressStep>
    {
        public void Report(ProgressStep value)
        {
            task.Value = value.Fraction;
            task.Description = Markup.Escape($"{title}: {value.Text}");
        }
    }
}
