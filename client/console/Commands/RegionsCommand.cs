using System.CommandLine;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Commands;

/// <summary><c>regions</c></summary>
internal sealed class RegionsCommand() : ConsoleCommand("regions", "Lists the regions, where each falls back to, and whether it answers.")
{
    public override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var session = await scope.SessionAsync(cancellation).ConfigureAwait(false);
        var descriptions = session.Regions.Names.Select(name => DescribeAsync(session, name, cancellation));
        var regions = await Task.WhenAll(descriptions).ConfigureAwait(false);
        scope.Output.Write(new RegionsReport(session.Regions.Home, regions));
        return regions.Any(region => region.Error is not null) ? ConsoleExitCode.Unavailable : ConsoleExitCode.Done;
    }

    private static async Task<RegionsReport.RegionEntry> DescribeAsync(ISession session, string name, CancellationToken cancellation)
    {
        RegionRing? ring = null;
        string? error = null;
        try
        {
            ring = await session.Operations.GetRingAsync(name, cancellation).ConfigureAwait(false);
        }
        catch (CacheException unavailable)
        {
            error = unavailable.Message;
        }

        var gateways = session.Operations.ConnectionOf(name).Gateways;
        return new(
            name,
            [.. session.Regions.OrderFrom(name).Skip(1)],
            gateways.Length,
            gateways,
            ring?.Nodes.Length,
            ring?.Nodes.Count(node => node.IsUp),
            [.. ring?.Nodes.Where(node => node.Reason is not null).Select(RingReport.NodeEntry.Of) ?? []],
            ring?.Version,
            error);
    }
}
