using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansCache.Cli.Output;

/// <summary>A report that can be drawn over itself.</summary>
internal interface ILiveReport : IReport
{
    /// <summary>What <see cref="IReport.Render"/> shows, without showing it.</summary>
    IRenderable Draw(IAnsiConsole console);
}
