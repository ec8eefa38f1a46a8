using Spectre.Console;

namespace OrleansCache.Cli.Output;

/// <summary>What a command has to say: its properties are the JSON document, <see cref="Render"/> is for people.</summary>
internal interface IReport
{
    /// <summary>Shows the report to a person.</summary>
    void Render(IAnsiConsole console);
}
