using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The answer to <c>regions</c>.</summary>
internal sealed record RegionsReport(string Home, IReadOnlyList<RegionsReport.RegionEntry> Regions) : IReport
{
    public void Render(IAnsiConsole console)
    {
        var table = Tables.Create(console, "region", "falls back to", "silos#", "gateways", "nodes", "ring#", "state");
        foreach (var region in Regions)
        {
            table.Row(
                region.Name == Home ? $"{region.Name} (home)" : region.Name, string.Join(", ", region.Fallback), Format.Count(region.Silos),
                string.Join(", ", region.Gateways), region.Nodes is { } nodes ? $"{region.NodesUp} of {nodes} up" : "",
                region.RingVersion?.ToString(), region.Error is null ? "up" : "unreachable");
        }

        console.Write(table);
        foreach (var region in Regions.Where(region => region.Error is not null))
            console.WriteLine(region.Error!);
        foreach (var node in Regions.SelectMany(region => region.Troubles))
            console.WriteLine($"{node.Name} is {node.State}: {node.Reason}");
    }

    /// <summary>A region.</summary>
    internal sealed record RegionEntry(
        string Name,
        IReadOnlyList<string> Fallback,
        int Silos,
        IReadOnlyList<string> Gateways,
        int? Nodes,
        int? NodesUp,
        IReadOnlyList<RingReport.NodeEntry> Troubles,
        long? RingVersion,
        string? Error);
}
