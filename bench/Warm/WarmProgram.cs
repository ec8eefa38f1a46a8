using System.Globalization;
using OrleansCache.Bench.Calls;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Client;

namespace OrleansCache.Bench.Warm;

/// <summary>
/// What renewing leases costs lookups that silos answer from memory: the same load on a cluster whose leases are renewed and on one whose leases outlast the round, by turns.
/// Each round has a cluster of its own, since one that merely stood beside the other would renew its leases in the other's time. Rounds differ by more than renewals cost, so that is
/// measured by itself, too: renewing goes on when the load has ended. The processor time of the whole process is counted then, and compared to what it took under load.
/// </summary>
internal static class WarmProgram
{
    private const int CallersPerRegion = 32;
    private static readonly TimeSpan Renewed = TimeSpan.FromSeconds(10);

    // No lease is renewed while a round lasts.
    private static readonly TimeSpan Lasting = TimeSpan.FromHours(1);
    private static readonly TimeSpan Selastinging = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(12);

    /// <param name="args">The number of rounds and of books, where they are not to be four and 1,000.</param>
    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 4;
        var books = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000;
        Surroundings.Print();
        await RoundAsync(Renewed, books);
        var pairs = new List<(Round Leased, Round Lasting)>();
        for (var round = 0; round < rounds; round++)
        {
            if (round % 2 == 0)
            {
                var leased = await RoundAsync(Renewed, books);
                pairs.Add((leased, await RoundAsync(Lasting, books)));
            }
            else
            {
                var lasting = await RoundAsync(Lasting, books);
                pairs.Add((await RoundAsync(Renewed, books), lasting));
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{pairs[^1].Leased.PerSecond:N0}/s leased ({pairs[^1].Leased.Renewals:N0} renewals), {pairs[^1].Lasting.PerSecond:N0}/s without renewals, ratio {pairs[^1].Leased.PerSecond / pairs[^1].Lasting.PerSecond:N3}; load average {Surroundings.Load()}"));
        }

        var ratios = new Sorted(pairs.Select(pair => pair.Leased.PerSecond / pair.Lasting.PerSecond));
        var table = new FigureTable();
        table.Add(
            $"warm lookups with leases that are renewed beside leases that outlast the round, three regions, {books:N0} books",
            "at least 0.95",
            $"{ratios.Median:N3} ({ratios.Least:N3} to {ratios.Most:N3}, {ratios.Count} pairs); {new Sorted(pairs.Select(pair => pair.Leased.PerSecond)).Median:N0}/s beside {new Sorted(pairs.Select(pair => pair.Lasting.PerSecond)).Median:N0}/s, {new Sorted(pairs.Select(pair => (double)pair.Leased.Renewals)).Median:N0} leases renewed in a round");
        var rests = new Sorted(pairs.Select(pair => pair.Leased.Rest - pair.Lasting.Rest));
        var loads = new Sorted(pairs.Select(pair => pair.Lasting.Load));
        table.Add(
            "processor time that leases in use take by themselves, of what the load takes",
            "at most 5%",
            $"{rests.Median / loads.Median:P1} ({rests.Least / loads.Median:P1} to {rests.Most / loads.Median:P1}): {rests.Median:N1} ms a second, {new Sorted(pairs.Select(pair => pair.Leased.Rest)).Median:N1} beside {new Sorted(pairs.Select(pair => pair.Lasting.Rest)).Median:N1} at rest, {loads.Median:N0} under load; {new Sorted(pairs.Select(pair => pair.Leased.RenewalsAtRest / Duration.TotalSeconds)).Median:N0} leases renewed a second");
        table.Print();
    }

    private static async Task<Round> RoundAsync(TimeSpan lease, int books)
    {
        await using var cluster = await BenchCluster.StartAsync(books, new Dictionary<string, string> { ["Leases:Length"] = $"{lease}" });
        string[] keys = [.. Enumerable.Range(0, books).Select(Shelf.Key)];
        var regions = cluster.Local.Regions.Names;
        var clients = await Task.WhenAll(regions.Select(_ => BenchClient.ConnectAsync(cluster.Local, nearBytes: 0)));
        foreach (var (region, i) in regions.Select((region, i) => (region, i)))
            await clients[i].Cache.GetManyAsync(keys, new GetOptions { Region = region });
        await LookUpAsync(clients, regions, keys, Selastinging);
        GC.Collect();
        var before = await RenewalsAsync(clients[0], regions);
        var cpu = Environment.CpuUsage.TotalTime;
        var rate = await LookUpAsync(clients, regions, keys, Duration);
        var load = Environment.CpuUsage.TotalTime - cpu;
        var renewals = await RenewalsAsync(clients[0], regions) - before;
        // What the load left to do is not the leases' work.
        await Task.Delay(Selastinging);
        GC.Collect();
        before = await RenewalsAsync(clients[0], regions);
        cpu = Environment.CpuUsage.TotalTime;
        await Task.Delay(Duration);
        var rest = Environment.CpuUsage.TotalTime - cpu;
        var atRest = await RenewalsAsync(clients[0], regions) - before;
        foreach (var client in clients)
            await client.DisposeAsync();
        return new(rate, renewals, PerSecond(load), PerSecond(rest), atRest);
    }

    private static async Task<double> LookUpAsync(BenchClient[] clients, IReadOnlyList<string> regions, string[] keys, TimeSpan duration) =>
        (await Task.WhenAll(regions.Select((region, i) =>
        {
            var (cache, options, next) = (clients[i].Cache, new GetOptions { Region = region }, 0);
            return Callers.RateAsync(CallersPerRegion, duration, () => cache.GetAsync(keys[(uint)Interlocked.Increment(ref next) % keys.Length], options).AsTask());
        }))).Sum();

    private static async Task<long> RenewalsAsync(BenchClient client, IEnumerable<string> regions) =>
        (await Task.WhenAll(regions.Select(region => client.Operations.GetStatisticsAsync(region)))).SelectMany(region => region).Sum(silo => silo.Renewals);

    private static double PerSecond(TimeSpan cpu) => cpu.TotalMilliseconds / Duration.TotalSeconds;

    /// <summary>What came of a round; loads are processor time in milliseconds a second.</summary>
    private sealed record Round(double PerSecond, long Renewals, double Load, double Rest, long RenewalsAtRest);
}
