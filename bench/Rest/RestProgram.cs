using System.Diagnostics;
using System.Globalization;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Configuration;
using OrleansCache.LocalClusters;

namespace OrleansCache.Bench.Rest;

/// <summary>
/// What it costs to keep entries true while nobody asks for them: catalog queries and rows, calls between silos, and processor time, with
/// more and more entries in the silo of a region that is not home. A second minute has a short time to live, so that all entries get a
/// new one within it, as they would within ten minutes otherwise.
/// </summary>
internal static class RestProgram
{
    private const string Home = "europe";
    private const string Other = "asia";
    private const int BooksPerLookup = 1_000;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortTimeToLive = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="args">Numbers of entries; by default 1,000, 100,000 and 1,000,000.</param>
    public static async Task RunAsync(string[] args)
    {
        int[] all = args.Length > 0 ? [.. args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture))] : [1_000, 100_000, 1_000_000];
        Surroundings.Print();
        var table = new FigureTable();
        foreach (var entries in all)
        {
            var atRest = await MeasureAsync(entries, TimeSpan.FromHours(2), Period);
            table.Add($"{entries:N0} entries: catalog", "2 queries/s, 0 rows", $"{atRest.Queries:N2} queries/s, {atRest.Rows:N2} rows/s");
            table.Add($"{entries:N0} entries: calls between silos", "the same for all", $"{atRest.Calls:N1}/s");
            table.Add($"{entries:N0} entries: processor time of both silos", "", $"{atRest.Cores:P2} of a core");
            // More writes to Redis than two cores can do would be a measurement of those.
            if (entries > 100_000)
                continue;
            var prolonged = await MeasureAsync(entries, ShortTimeToLive, ShortTimeToLive);
            var what = $"{entries:N0} entries, all with a new time to live in {ShortTimeToLive.TotalMinutes} minutes";
            table.Add(what, "", $"{prolonged.Cores:P2} of a core");
        }

        table.Print();
    }

    private static async Task<Cost> MeasureAsync(int entries, TimeSpan timeToLive, TimeSpan period)
    {
        var calls = new CallCounter();
        await using var cluster = await BenchCluster.StartAsync(
            entries,
            new Dictionary<string, string>
            {
                [nameof(CacheOptions.TimeToLive)] = $"{timeToLive}",
                [nameof(CacheOptions.MemoryBudgetBytes)] = "8000000000",
                [$"{nameof(CacheOptions.Leases)}:{nameof(LeaseOptions.MaxLeasedBooks)}"] = "2000000",
                [nameof(CacheOptions.OwnerBudget)] = $"{Patience}",
                [nameof(CacheOptions.OwnerPatience)] = $"{Patience / 2}",
            },
            options => options with { Regions = [Home, Other], ConfigureServices = calls.AddTo });
        await using var client = await BenchClient.ConnectAsync(
            cluster.Local, nearBytes: 0, options => (options.AttemptBudget, options.Deadline) = (Patience, 4 * Patience));
        foreach (var numbers in Enumerable.Range(0, entries).Chunk(BooksPerLookup))
            await client.Cache.GetManyAsync([.. numbers.Select(Shelf.Key)], new Client.GetOptions { Region = Other });
        await Task.Delay(Settling);
        var before = await TakeAsync();
        await Task.Delay(period);
        var byMethod = calls.Describe(Stopwatch.GetElapsedTime(before.At).TotalSeconds);
        var after = await TakeAsync();
        var seconds = Stopwatch.GetElapsedTime(before.At, after.At).TotalSeconds;
        if (after.Entries < entries * 0.99)
            throw new InvalidOperationException($"{after.Entries:N0} of {entries:N0} entries are held.");
        Surroundings.Say($"{entries:N0} entries, time to live {timeToLive}: {byMethod}");
        return new(
            (after.Queries - before.Queries) / seconds,
            (after.Rows - before.Rows) / seconds,
            (after.Calls - before.Calls) / seconds,
            (after.Processor - before.Processor) / TimeSpan.FromSeconds(seconds));

        async Task<Moment> TakeAsync()
        {
            var silos = await client.StatisticsAsync([Home, Other]);
            return new(
                Stopwatch.GetTimestamp(),
                silos.Sum(silo => silo.CatalogQueries),
                silos.Sum(silo => silo.CatalogRows),
                calls.Reset(),
                Environment.CpuUsage.TotalTime,
                silos.Where(silo => silo.Region == Other).Sum(silo => silo.Copies));
        }
    }

    private sealed record Cost(double Queries, double Rows, double Calls, double Cores);

    private sealed record Moment(long At, long Queries, long Rows, long Calls, TimeSpan Processor, long Entries);
}
