using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The whole demonstration; people have seen its scenes already.</summary>
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
