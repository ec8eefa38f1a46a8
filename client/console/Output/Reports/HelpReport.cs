using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The answer to <c>help</c>.</summary>
internal sealed record HelpReport(IReadOnlyList<HelpReport.CommandEntry> Commands, IReadOnlyDictionary<int, string> ExitCodes) : IReport
{
    public void Render(IAnsiConsole console)
    {
        var table = Tables.Create(console, "command*", "what it does*");
        foreach (var command in Commands)
            table.Row(command.Usage, command.Description);
        console.Write(table);
        console.WriteLine("\"help COMMAND\" says more; --json with any of them prints one JSON document.");
        console.WriteLine("./run cluster starts a cluster of processes, and ./run client runs these commands on it.");
        console.WriteLine("./run cluster --distance europe-asia=160 (root) puts its regions so many milliseconds apart.");
        console.WriteLine("Exit codes: " + string.Join(", ", ExitCodes.Select(code => $"{code.Key} {code.Value}")) + ".");
    }

    /// <summary>A command.</summary>
    internal sealed record CommandEntry(string Usage, string Description);
}

/// <summary>Plain text, such as a command's help.</summary>
internal sealed record TextReport(string Text) : IReport
{
    public void Render(IAnsiConsole console) => console.WriteLine(Text.TrimEnd());
}
