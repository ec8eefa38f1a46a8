using System.Diagnostics;
using System.Globalization;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Client;
using OrleansCache.Configuration;

namespace OrleansCache.Bench.Confirmations;

/// <summary>
/// What becomes of what a silo and a client hold when all slots have new owners at once: how long it takes until all of it is confirmed,
/// and what that costs the catalog. Nobody looks anything up meanwhile.
/// </summary>
internal static class ConfirmationsProgram
{
    private const string Home = "europe";
    private const string Other = "asia";
    private const int BooksPerLookup = 1_000;
    private const int Slots = 64;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="args">The number of books; 10,000 by default.</param>
    public static async Task RunAsync(string[] args)
    {
        var books = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        Surroundings.Print();
        await using var cluster = await BenchCluster.StartAsync(
            books,
            new Dictionary<string, string>
            {
                [nameof(CacheOptions.OwnerBudget)] = $"{Patience}",
                [nameof(CacheOptions.OwnerPatience)] = $"{Patience / 2}",
            },
            options => options with { Regions = [Home, Other] });
        await using var client = await BenchClient.ConnectAsync(
            cluster.Local, nearBytes: null, options => (options.AttemptBudget, options.Deadline) = (Patience, 4 * Patience));
        string[] keys = [.. Enumerable.Range(0, books).Select(Shelf.Key)];
        while (await NearHitsAsync(client.Cache, keys) < books)
            await Task.Delay(Period);
        var (queries, rows) = await CatalogAsync(client);

        // As second owners do on a silo that does not know of the first ones.
        await cluster.Local.Catalog.RaiseEpochsAsync([.. Enumerable.Range(0, Slots)], CancellationToken.None);
        var began = Stopwatch.GetTimestamp();
        long read;
        do
        {
            await Task.Delay(Period);
            read = (await CatalogAsync(client)).Rows - rows;
        }
        while (read < books && Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(3));

        var elapsed = Stopwatch.GetElapsedTime(began);
        // The client has its entries confirmed after the silo has its own.
        await Task.Delay(5 * Period);
        var spent = await CatalogAsync(client);
        var near = await NearHitsAsync(client.Cache, keys);
        var table = new FigureTable();
        table.Add($"{books:N0} suspended entries of a silo: until all are confirmed", "", $"{elapsed.TotalSeconds:N0} s");
        table.Add("rows and queries for books", "one row for each", $"{spent.Rows - rows:N0} rows, {spent.Queries - queries:N0} queries");
        table.Add("of a client's lookups afterwards, answered by its near cache", "", $"{(double)near / books:P1}");
        table.Print();
    }

    private static async Task<(long Queries, long Rows)> CatalogAsync(BenchClient client)
    {
        var silos = await client.StatisticsAsync([Home, Other]);
        return (silos.Sum(silo => silo.CatalogQueries), silos.Sum(silo => silo.CatalogRows));
    }

    private static async Task<int> NearHitsAsync(IBookCache cache, string[] keys)
    {
        var near = 0;
        foreach (var some in keys.Chunk(BooksPerLookup))
            near += (await cache.GetManyAsync(some, new GetOptions { Region = Other })).Count(result => result.Tier is Tier.Near);
        return near;
    }
}
