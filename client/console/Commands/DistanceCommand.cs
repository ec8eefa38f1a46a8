using System.CommandLine;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Commands;

/// <summary><c>distance</c></summary>
internal sealed class DistanceCommand()
    : ConsoleCommand("distance", "Shows the measured round trips between regions, and the settings that do not fit them.")
{
    private static readonly TimeSpan RepeatPause = TimeSpan.FromMilliseconds(250);

    // Two seconds: longer than a first ping between any two regions takes.
    private const int Repeats = 8;

    public override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var session = await scope.SessionAsync(cancellation).ConfigureAwait(false);
        var silos = await AskAsync(session, cancellation).ConfigureAwait(false);
        // In a cluster that has just started, the first pings are under way.
        for (var i = 0; i < Repeats && silos.Any(silo => silo.RoundTrips.Any(way => IsMissing(way, silos))); i++)
        {
            await Task.Delay(RepeatPause, cancellation).ConfigureAwait(false);
            silos = await AskAsync(session, cancellation).ConfigureAwait(false);
        }

        var ways = silos.SelectMany(silo => silo.RoundTrips
                .Where(way => way.Region != silo.Region && way.Time is not null)
                .Select(way => (From: silo.Region, To: way.Region, way.Time!.Value)))
            .GroupBy(way => (way.From, way.To))
            .Select(way => new DistanceReport.Way(way.Key.From, way.Key.To, way.Max(one => one.Value).TotalMilliseconds))
            .ToArray();
        scope.Output.Write(new DistanceReport([.. session.Regions.Names], ways, [.. silos.SelectMany(Warnings)]));
        return silos.Length == 0 ? ConsoleExitCode.Unavailable : ConsoleExitCode.Done;
    }

    private static bool IsMissing(RegionRoundTrip way, SiloStatistics[] silos) =>
        way.Time is null && silos.Any(silo => silo.Region == way.Region);

    /// <summary>The silos of all regions that answer.</summary>
    private static async Task<SiloStatistics[]> AskAsync(ISession session, CancellationToken cancellation)
    {
        var asked = session.Regions.Names.Select(async region =>
        {
            try
            {
                return await session.Operations.GetStatisticsAsync(region, cancellation).ConfigureAwait(false);
            }
            catch (CacheException)
            {
                // A region that does not answer has no row; the table says so.
                return [];
            }
        });
        return [.. (await Task.WhenAll(asked).ConfigureAwait(false)).SelectMany(region => region)];
    }

    private static IEnumerable<string> Warnings(SiloStatistics silo)
    {
        foreach (var (region, time) in silo.RoundTrips)
        {
            if (time is { } way && ProbeTimeouts.NeededFor(way) is var needed && silo.MaxProbeTimeout < needed)
            {
                yield return
                    $"{silo.Silo} waits at most {silo.MaxProbeTimeout.TotalMilliseconds:N0} ms for the answer to a probe, but one from "
                    + $"{region} takes {needed.TotalMilliseconds:N0} ms when a packet is lost: set Clustering:ProbeTimeout to "
                    + $"{ProbeTimeouts.SettingFor(needed).TotalSeconds:0.0} s or more.";
            }
        }
    }
}
