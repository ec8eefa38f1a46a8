using System.Diagnostics;
using OrleansCache.Bench.Clusters;

namespace OrleansCache.Bench.Steady;

/// <summary>The counters of all regions at one time.</summary>
internal sealed record Moment(
    long At, long Answered, long Near, long Failed, long Queries, long Rows, long Entries)
{
    public static async Task<Moment> TakeAsync(IEnumerable<PacedReader> readers, BenchClient operatorClient, IEnumerable<string> regions)
    {
        var counts = readers.Select(reader => reader.Counts).ToArray();
        var silos = await operatorClient.StatisticsAsync(regions);
        return new(
            Stopwatch.GetTimestamp(),
            counts.Sum(count => count.Answered),
            counts.Sum(count => count.Near),
            counts.Sum(count => count.Failed),
            silos.Sum(silo => silo.CatalogQueries),
            silos.Sum(silo => silo.CatalogRows),
            silos.Sum(silo => silo.Copies));
    }

    public double SecondsSince(Moment earlier) => Stopwatch.GetElapsedTime(earlier.At, At).TotalSeconds;
}
