using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansCache.Cli.Output;

/// <summary>The output of a command: text for people, or one JSON document.</summary>
internal interface IOutput
{
    /// <summary>Writes the command's answer; called once per command.</summary>
    void Write(IReport report);

    /// <summary>Writes a part of an unfinished answer, for people only; the answer itself contains it.</summary>
    void Part(IReport report);

    /// <summary>Writes the command's error, instead of an answer.</summary>
    void Error(ErrorReport error);

    /// <summary>Writes a message that is not part of the answer.</summary>
    void Notice(string text);

    /// <summary>Whether the output is a terminal on which reports can be redrawn.</summary>
    bool IsScreen { get; }

    /// <summary>Redraws a report periodically until it is cancelled. Only on a terminal.</summary>
    Task RefreshAsync(Func<ILiveReport> current, TimeSpan period, CancellationToken cancellation);

    /// <summary>Runs long work and shows its progress, if a terminal is there to show it on.</summary>
    Task<T> WithProgressAsync<T>(string title, Func<IProgress<ProgressStep>, Task<T>> work);
}

/// <summary>An answer or an error: its properties are the JSON document, <see cref="Render"/> writes it for people.</summary>
internal interface IReport
{
    /// <summary>Writes the report for people.</summary>
    void Render(IAnsiConsole console);
}

/// <summary>A report that can be redrawn in place.</summary>
internal interface ILiveReport : IReport
{
    /// <summary>What <see cref="IReport.Render"/> writes.</summary>
    IRenderable Draw(IAnsiConsole console);
}

/// <summary>The progress of long work.</summary>
/// <param name="Fraction">0 to 1.</param>
/// <param name="Text">What has been done, for people.</param>
internal readonly record struct ProgressStep(double Fraction, string Text);
