using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The answer to <c>distance</c>: round trips in milliseconds, the longest that a silo of the region has measured.</summary>
internal sealed record DistanceReport(
    IReadOnlyList<string> Regions, IReadOnlyList<DistanceReport.Way> Ways, IReadOnlyList<string> Warnings) : IReport
{
    public void Render(IAnsiConsole console)
    {
        var table = Tables.Create(console, ["from", .. Regions.Select(region => $"to {region}#")]);
        foreach (var from in Regions)
            table.Row([from, .. Regions.Select(to => from == to ? "" : TimeOf(from, to))]);
        console.Write(table);
        foreach (var warning in Warnings)
            console.WriteLine(warning);
    }

    private string TimeOf(string from, string to) =>
        Ways.FirstOrDefault(way => way.From == from && way.To == to) is { } way ? $"{way.Milliseconds:N1} ms" : "not measured";

    /// <summary>The way from one region to another and back.</summary>
    internal sealed record Way(string From, string To, double Milliseconds);
}
