using System.Globalization;
using OrleansCache.Bench.Calls;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Client;
using OrleansCache.Settings;

namespace OrleansCache.Bench.Warm;

/// <summary>
/// What leases cost lookups that silos answer from memory: the same load on a cluster with leases and on one without, by turns. Each round has a cluster of its own,
/// since one that merely stood beside the other would renew its leases in the other's time; and lasts longer than a lease, so that every book is renewed in it.
/// </summary>
internal static class WarmProgram
{
    private const int CallersPerRegion = 32;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(12);

    /// <param name="args">The number of rounds and of books, where they are not to be four and 1,000.</param>
    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 4;
        var books = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000;
        Surroundings.Print();
        await RoundAsync(Coherence.Leased, books);
        var pairs = new List<(Round Leased, Round Ttl)>();
        for (var round = 0; round < rounds; round++)
        {
            if (round % 2 == 0)
            {
                var leased = await RoundAsync(Coherence.Leased, books);
                pairs.Add((leased, await RoundAsync(Coherence.Ttl, books)));
            }
            else
            {
                var ttl = await RoundAsync(Coherence.Ttl, books);
                pairs.Add((await RoundAsync(Coherence.Leased, books), ttl));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{pairs[^1].Leased.PerSecond:N0}/s leased ({pairs[^1].Leased.Renewals:N0} renewals), {pairs[^1].Ttl.PerSecond:N0}/s without leases, ratio {pairs[^1].Leased.PerSecond / pairs[^1].Ttl.PerSecond:N3}; load average {Surroundings.Load()}"));
        }

        var ratios = new Sorted(pairs.Select(pair => pair.Leased.PerSecond / pair.Ttl.PerSecond));
        var table = new FigureTable();
        table.Add(
            $"warm lookups with leases beside without, three regions, {books:N0} books",
            "at least 0.95",
            $"{ratios.Median:N3} ({ratios.Least:N3} to {ratios.Most:N3}, {ratios.Count} pairs); {new Sorted(pairs.Select(pair => pair.Leased.PerSecond)).Median:N0}/s beside {new Sorted(pairs.Select(pair => pair.Ttl.PerSecond)).Median:N0}/s, {new Sorted(pairs.Select(pair => (double)pair.Leased.Renewals)).Median:N0} leases renewed in a round");
        table.Print();
    }

    private static async Task<Round> RoundAsync(Coherence coherence, int books)
    {
        await using var cluster = await BenchCluster.StartAsync(books, new Dictionary<string, string> { [nameof(CacheSettings.Coherence)] = $"{coherence}" });
        string[] keys = [.. Enumerable.Range(0, books).Select(Shelf.Key)];
        var regions = cluster.Local.Regions.Names;
        var clients = await Task.WhenAll(regions.Select(_ => BenchClient.ConnectAsync(cluster.Local, nearBytes: 0)));
        foreach (var (region, i) in regions.Select((region, i) => (region, i)))
            await clients[i].Cache.GetManyAsync(keys, new GetOptions { Region = region });
        await LookUpAsync(clients, regions, keys, Settling);
        GC.Collect();
        var before = await RenewalsAsync(clients[0], regions);
        var rate = await LookUpAsync(clients, regions, keys, Duration);
        var renewals = await RenewalsAsync(clients[0], regions) - before;
        foreach (var client in clients)
            await client.DisposeAsync();
        return new(rate, renewals);
    }

    private static async Task<double> LookUpAsync(BenchClient[] clients, IReadOnlyList<string> regions, string[] keys, TimeSpan duration) =>
        (await Task.WhenAll(regions.Select((region, i) =>
        {
            var (cache, options, next) = (clients[i].Cache, new GetOptions { Region = region }, 0);
            return Callers.RateAsync(CallersPerRegion, duration, () => cache.GetAsync(keys[(uint)Interlocked.Increment(ref next) % keys.Length], options).AsTask());
        }))).Sum();

    private static async Task<long> RenewalsAsync(BenchClient client, IEnumerable<string> regions) =>
        (await Task.WhenAll(regions.Select(region => client.Operations.GetStatisticsAsync(region)))).SelectMany(region => region).Sum(silo => silo.Renewals);

    private sealed record Round(double PerSecond, long Renewals);
}
