using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>A region's ring, and the node of a key.</summary>
internal sealed record RingReport(
    string Region,
    long Version,
    IReadOnlyList<RingReport.NodeEntry> Nodes,
    string? Key,
    string? NodeOfKey) : IReport
{
    public static RingReport Of(RegionRing ring, string? key = null)
    {
        var up = ring.Nodes.Where(node => node.IsUp).Select(node => new RingMember(node.Name, node.Weight));
        return new(
            ring.Region,
            ring.Version,
            [.. ring.Nodes.Select(node => NodeEntry.Of(node))],
            key,
            key is null ? null : HashRing.Create(ring.Version, up).MemberOf(key));
    }

    public void Render(IAnsiConsole console)
    {
        console.WriteLine($"ring of {Region}, version {Version}");
        var table = Tables.Create(console, "node", "address", "weight#", "state", "share#");
        foreach (var node in Nodes)
            table.Row(node.Name, node.Address, Format.Count(node.Weight), node.State, Format.Percent(node.Share));
        console.Write(table);
        foreach (var node in Nodes.Where(node => node.Reason is not null))
            console.WriteLine($"{node.Name} is {node.State}: {node.Reason}");
        if (Key is not null)
            console.WriteLine(NodeOfKey is null ? $"{Key} belongs to no node: none is up" : $"{Key} belongs to {NodeOfKey}");
    }

    /// <summary>A node.</summary>
    internal sealed record NodeEntry(
        string Name, string Address, int Weight, bool IsUp, double Share, string State, string? Reason)
    {
        public static NodeEntry Of(RingNode node) =>
            new(node.Name, node.Address, node.Weight, node.IsUp, node.Share, Format.State(node.State), node.Reason);
    }
}
