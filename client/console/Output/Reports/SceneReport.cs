using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>A scene of the demonstration: its figures, and what must hold of them.</summary>
internal sealed record SceneReport(
    string Title,
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows,
    IReadOnlyList<SceneReport.Claim> Claims) : IReport
{
    public bool Holds => Claims.All(claim => claim.Holds);

    public void Render(IAnsiConsole console)
    {
        console.WriteLine();
        console.Write(new Text(Title, new Style(decoration: Decoration.Bold)));
        console.WriteLine();
        var table = Tables.Create(console, [.. Columns]);
        foreach (var row in Rows)
            table.Row([.. row]);
        console.Write(table);
        foreach (var claim in Claims)
        {
            console.Write(new Text($"{(claim.Holds ? "  holds: " : "  DOES NOT HOLD: ")}{claim.Text}", new Style(claim.Holds ? Color.Green : Color.Red)));
            console.WriteLine();
        }
    }

    /// <summary>Something that the figures must show.</summary>
    internal sealed record Claim(string Text, bool Holds);
}
