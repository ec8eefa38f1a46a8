using System.Text.Json.Serialization;
using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The answer to <c>purge</c>: which silos and nodes have dropped the entries.</summary>
/// <param name="Keys">The books; empty for all of a region.</param>
/// <param name="Regions">The outcome in each region.</param>
internal sealed record PurgeReport(IReadOnlyList<string> Keys, IReadOnlyList<PurgeReport.PurgedRegion> Regions) : IReport
{
    [JsonIgnore]
    public int ExitCode => Regions.Any(region => region.Error is not null || region.Silent.Any())
        ? ConsoleExitCode.Unavailable
        : ConsoleExitCode.Done;

    public void Render(IAnsiConsole console)
    {
        var table = Tables.Create(console, "region", "silos", "nodes", "entries of nodes#", "no answer from");
        foreach (var region in Regions)
        {
            if (region.Error is not null)
                table.Row(region.Region, "", "", "", "the region");
            else
                table.Row(
                    region.Region, Of(region.Silos, region.SilentSilos), Of(region.Nodes, region.SilentNodes),
                    region.Entries is { } entries ? Format.Count(entries) : "", string.Join(", ", region.Silent));
        }

        console.Write(table);
        foreach (var region in Regions.Where(region => region.Error is not null))
            console.WriteLine(region.Error!);
        foreach (var problem in Regions.SelectMany(region => region.Problems))
            console.WriteLine(problem);
        if (Regions.Any(region => region.Silent.Any()))
            console.WriteLine("What did not answer may keep its entries until their time to live ends; purging again is safe.");
    }

    private static string Of(IReadOnlyList<string> done, IReadOnlyList<string> silent) =>
        $"{Format.Count(done.Count)} of {Format.Count(done.Count + silent.Count)}";

    /// <summary>The outcome in a region.</summary>
    internal sealed record PurgedRegion(
        string Region,
        IReadOnlyList<string> Silos,
        IReadOnlyList<string> SilentSilos,
        IReadOnlyList<string> Nodes,
        IReadOnlyList<string> SilentNodes,
        long? Entries,
        IReadOnlyList<string> Problems,
        string? Error)
    {
        [JsonIgnore]
        public IEnumerable<string> Silent => SilentSilos.Concat(SilentNodes);

        public static PurgedRegion Of(RegionPurge purge) =>
            new(purge.Region, purge.Silos, purge.SilentSilos, purge.Nodes, purge.SilentNodes, purge.Entries, purge.Problems, null);
    }
}
