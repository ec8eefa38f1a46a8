using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The answer to <c>stats</c>: what each silo holds and has counted since it started.</summary>
internal sealed record StatsReport(IReadOnlyList<SiloStatistics> Silos, IReadOnlyList<StatsReport.Unreachable> UnreachableRegions) : IReport
{
    public void Render(IAnsiConsole console)
    {
        Held(console);
        Answered(console);
        Behind(console);
        foreach (var silo in Silos)
        {
            foreach (var node in silo.NodeTroubles)
                console.WriteLine($"{node.Name} is {Format.State(node.State)} for {silo.Silo}: {node.Reason}");
        }

        foreach (var region in UnreachableRegions)
            console.WriteLine(region.Error);
    }

    private void Held(IAnsiConsole console)
    {
        var table = Tables.Create(
            console, "silo", "region", "ring#", "entries#", "absences#", "memory#", "budget#", "evicted#", "expired#", "not kept#");
        foreach (var silo in Silos)
        {
            table.Row(
                silo.Silo, silo.Region, Format.Count(silo.RingVersion), Format.Count(silo.Copies), Format.Count(silo.Absences),
                Format.Bytes(silo.Bytes), Format.Bytes(silo.BudgetBytes), Format.Count(silo.Evictions), Format.Count(silo.Expirations),
                Format.Count(silo.NotKept));
        }

        console.Write(table);
    }

    private void Answered(IAnsiConsole console)
    {
        var table = Tables.Create(console, "silo", "lookups#", "silo memory#", "redis#", "owner#", "catalog#", "from memory#");
        foreach (var silo in Silos)
        {
            var all = silo.GrainHits + silo.RedisHits + silo.OwnerHits + silo.CatalogHits;
            table.Row(
                silo.Silo, Format.Count(all), Format.Count(silo.GrainHits), Format.Count(silo.RedisHits), Format.Count(silo.OwnerHits),
                Format.Count(silo.CatalogHits), all == 0 ? "" : Format.Percent((double)silo.GrainHits / all));
        }

        console.Write(table);
    }

    private void Behind(IAnsiConsole console)
    {
        var table = Tables.Create(
            console, "silo", "node reads#", "node failures#", "node writes dropped#", "catalog rows#", "catalog queries#");
        foreach (var silo in Silos)
        {
            table.Row(
                silo.Silo, Format.Count(silo.NodeReads), Format.Count(silo.NodeFailures), Format.Count(silo.NodeWritesDropped),
                Format.Count(silo.CatalogRows), Format.Count(silo.CatalogQueries));
        }

        console.Write(table);
    }

    /// <summary>A region that did not answer.</summary>
    internal sealed record Unreachable(string Region, string Error);
}
