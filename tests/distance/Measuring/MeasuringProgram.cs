using OrleansCache.Distance.Clusters;
using OrleansCache.LocalClusters;

namespace OrleansCache.Distance.Measuring;

/// <summary>Measures the figures of a cluster whose regions are far apart, and prints a table as it goes.</summary>
internal static class MeasuringProgram
{
    /// <summary>The first argument.</summary>
    public const string Word = "measure";

    public const string Help =
        $"""
        measure [--distance {DistantClusterOptions.UsualDistances}] [--jitter MS] [--loss PERCENT]
                [--postgres] [--only NAME,...]
          measures a cluster on a network with distance (root), or without --distance at no distance:
            series      cold, in memory and from Redis: lookups one after the other, and the packets between regions
            edits       edits of books that are in all regions, by an author in each region
            storm       300 lookups/s of 300 cold books in Asia, from the moment the silos are ready
            early       the same, with a client process that starts inside the storm
            crowd       three clients with 1,000 lookups/s each, every cache empty (busy: with a busy loop beside them;
                        young: with processes that have just started)
            overload    three clients with more lookups than the machine can answer, and the time after it
            restarts    each silo restarted in turn under 200 lookups/s per region
            kill        kill -9 of Asia's only silo
        """;

    private static readonly (string Name, Func<MeasuringOptions, Report, Task> RunAsync)[] All =
    [
        ("series", SeriesMeasurement.RunAsync),
        ("edits", EditMeasurement.RunAsync),
        ("storm", (options, report) => StormMeasurement.RunAsync(options, report, startsInside: false)),
        ("early", (options, report) => StormMeasurement.RunAsync(options, report, startsInside: true)),
        ("crowd", (options, report) => CrowdMeasurement.RunAsync(options, report, isBusy: false, isYoung: false)),
        ("young", (options, report) => CrowdMeasurement.RunAsync(options, report, isBusy: false, isYoung: true)),
        ("busy", (options, report) => CrowdMeasurement.RunAsync(options, report, isBusy: true, isYoung: false)),
        ("overload", CrowdMeasurement.OverloadAsync),
        ("restarts", LossMeasurement.RestartsAsync),
        ("kill", LossMeasurement.KillAsync),
    ];

    private static readonly string[] Usual = ["series", "edits", "storm", "early", "restarts", "kill"];

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var options = MeasuringOptions.Read(args, [.. All.Select(one => one.Name)]);
            var only = args.Contains("--only") ? options.Only : Usual;
            if (options.Distances is not null && DistantNetwork.Unavailable is { } reason)
                throw new FormatException(reason);
            var report = new Report();
            report.Begin(options);
            foreach (var (name, run) in All.Where(one => only.Contains(one.Name)))
                await run(options, report);
            return 0;
        }
        catch (FormatException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 2;
        }
    }
}
