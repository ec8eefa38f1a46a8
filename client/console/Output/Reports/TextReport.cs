using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>A plain text as an answer, such as a command's help.</summary>
internal sealed record TextReport(string Text) : IReport
{
    public void Render(IAnsiConsole console) => console.WriteLine(Text.TrimEnd());
}
