using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The whole demonstration. People have already seen its scenes, as parts of the answer.</summary>
internal sealed record DemoReport(string Nodes, double ElapsedMs, IReadOnlyList<SceneReport> Scenes) : IReport
{
    public bool Holds => Scenes.All(scene => scene.Holds);

    public void Render(IAnsiConsole console)
    {
        console.WriteLine();
        var time = Format.Duration(TimeSpan.FromMilliseconds(ElapsedMs));
        console.WriteLine(Holds
            ? $"Everything held, in {time}, with {Nodes}."
            : $"Something did not hold, in {time}, with {Nodes}; see above.");
    }
}

/// <summary>A scene of the demonstration: its figures, and the claims about them.</summary>
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
            var (verdict, color) = claim.Holds ? ("holds", Color.Green) : ("DOES NOT HOLD", Color.Red);
            console.Write(new Text($"  {verdict}: {claim.Text}", new Style(color)));
            console.WriteLine();
        }
    }

    /// <summary>A statement that the figures must confirm.</summary>
    internal sealed record Claim(string Text, bool Holds);
}
