using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Client;
using OrleansCache.Configuration;
using OrleansCache.Redis;

namespace OrleansCache.Bench.Scale;

/// <summary>
/// What it costs that a region gets a second node with 9% of the keys while 1,000 lookups/s run: how many answers come from the catalog or
/// an owner instead of from Redis. The silos have little memory, so nearly each lookup reads a node.
/// </summary>
internal static class ScaleProgram
{
    private const string Region = "asia";
    private const string Added = "asia-2";
    private const int Books = 10_000;
    private const int LookupsPerSecond = 1_000;
    private const int Weight = 10;
    private const int MostFills = 6;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    // A busy machine must not make a lookup go to another region.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static async Task RunAsync()
    {
        Surroundings.Print();
        await using var cluster = await BenchCluster.StartAsync(Books, new Dictionary<string, string>
        {
            [nameof(CacheOptions.MemoryBudgetBytes)] = "1048576",
            [nameof(CacheOptions.OwnerBudget)] = $"{Timeout}",
            [nameof(CacheOptions.OwnerPatience)] = $"{Timeout / 2}",
            [$"{nameof(CacheOptions.Node)}:{nameof(NodeOptions.Budget)}"] = $"{Timeout / 2}",
        });
        await using var client = await BenchClient.ConnectAsync(
            cluster.Local, nearBytes: 0, options => (options.AttemptBudget, options.Deadline) = (Timeout, 2 * Timeout));
        // A machine that is busy does not look all of them up, or write all of them, at the first time.
        for (var fill = 0; fill < MostFills && await PassAsync(client, "filling") is { FromCatalog: > 0 } or { Flawed: > 0 }; fill++)
            await Task.Delay(Settling);
        var table = new FigureTable();
        await AddAsync("before", "");
        // Another region's server: the entries of regions do not meet there.
        var ring = await client.Operations.AddNodeAsync(Region, Added, cluster.Local.ConnectionOf("europe"), Weight);
        var moved = ring.Nodes.Single(node => node.Name == Added).Share * Books;
        await AddAsync("right after", $"a tenth of the {moved:N0} that move");
        await AddAsync("10 s after", "");
        table.Print();

        async Task AddAsync(string when, string limit)
        {
            var pass = await PassAsync(client, when);
            table.Add(
                $"{Books:N0} books looked up once, {LookupsPerSecond:N0}/s, {when} `node add`: answers from an owner or the catalog",
                limit,
                $"{pass.FromCatalog:N0}; failed or flagged {pass.Flawed:N0}; p99 {pass.Times.At(0.99):N1} ms; catalog rows {pass.Rows:N0}");
        }
    }

    /// <summary>Looks each book up once at a constant rate, independent of the answers.</summary>
    private static async Task<Pass> PassAsync(BenchClient client, string when)
    {
        var options = new GetOptions { Region = Region };
        var answers = new ConcurrentQueue<(Tier? Tier, bool IsFlagged, double Milliseconds)>();
        var rows = await RowsAsync(client);
        var lookups = new List<Task>(Books);
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Tick);
        while (lookups.Count < Books)
        {
            await timer.WaitForNextTickAsync();
            var due = Math.Min(Books, (int)(Stopwatch.GetElapsedTime(began).TotalSeconds * LookupsPerSecond));
            while (lookups.Count < due)
                lookups.Add(LookUpAsync(Shelf.Key(lookups.Count)));
        }

        await Task.WhenAll(lookups);
        var pass = new Pass(
            answers.Count(answer => answer.Tier is Tier.Owner or Tier.Catalog),
            answers.Count(answer => answer.Tier is null || answer.IsFlagged),
            new(answers.Select(answer => answer.Milliseconds)),
            await RowsAsync(client) - rows);
        Surroundings.Say(
            $"{when}: {pass.FromCatalog:N0} from an owner or the catalog, {pass.Rows:N0} catalog rows, {pass.Flawed:N0} flawed");
        return pass;

        async Task LookUpAsync(string key)
        {
            var asked = Stopwatch.GetTimestamp();
            try
            {
                var result = await client.Cache.GetAsync(key, options);
                answers.Enqueue((result.Tier, result.Flags is not LookupFlags.None, Stopwatch.GetElapsedTime(asked).TotalMilliseconds));
            }
            catch (CacheException)
            {
                answers.Enqueue((null, false, Stopwatch.GetElapsedTime(asked).TotalMilliseconds));
            }
        }
    }

    private static async Task<long> RowsAsync(BenchClient client) =>
        (await client.StatisticsAsync(["europe", "asia", "northamerica"])).Sum(silo => silo.CatalogRows);

    /// <param name="FromCatalog">Answers that were in no cache of the region.</param>
    /// <param name="Flawed">Lookups that failed or were flagged.</param>
    /// <param name="Times">How long lookups took, in milliseconds.</param>
    /// <param name="Rows">Rows that owners have read, for confirmations too.</param>
    private sealed record Pass(int FromCatalog, int Flawed, Sorted Times, long Rows);
}
