using System.Globalization;
using OrleansCache.Bench.Calls;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Client;

namespace OrleansCache.Bench.Warm;

/// <summary>
/// The cost of renewing leases for lookups that silos answer from memory: the same load on a cluster whose leases are renewed and on one
/// whose leases outlast the round. Each round has a cluster of its own, because an idle cluster would renew leases during the other's
/// round. Rounds differ by more than renewals cost, so the processor time of renewals is also measured alone: they continue after the load.
/// </summary>
internal static class WarmProgram
{
    private const int CallersPerRegion = 32;
    private static readonly TimeSpan Renewed = TimeSpan.FromSeconds(10);

    // No lease is renewed during a round.
    private static readonly TimeSpan Lasting = TimeSpan.FromHours(1);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(12);

    /// <param name="args">The number of pairs of rounds (default 4) and of books (default 1,000).</param>
    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 4;
        var books = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000;
        Surroundings.Print();
        await RoundAsync(Renewed, books);
        var (renewed, lasting) = (new List<Round>(), new List<Round>());
        for (var round = 0; round < rounds; round++)
        {
            if (round % 2 == 0)
                renewed.Add(await RoundAsync(Renewed, books));
            lasting.Add(await RoundAsync(Lasting, books));
            if (round % 2 != 0)
                renewed.Add(await RoundAsync(Renewed, books));
            var (with, without) = (renewed[^1], lasting[^1]);
            Surroundings.Say($"{with.PerSecond:N0}/s with {with.Renewals:N0} renewals, {without.PerSecond:N0}/s without");
        }

        var table = new FigureTable();
        var ratios = new Sorted(renewed.Zip(lasting, (with, without) => with.PerSecond / without.PerSecond));
        table.Add(
            $"warm lookups with renewed leases beside leases that outlast the round, three regions, {books:N0} books",
            "at least 0.95",
            $"{ratios.Median:N2} ({ratios.Least:N2} to {ratios.Most:N2}); {Median(renewed, round => round.PerSecond):N0}/s");
        var rests = new Sorted(renewed.Zip(lasting, (with, without) => with.Rest - without.Rest));
        var load = Median(lasting, round => round.Load);
        var perSecond = Median(renewed, round => round.RenewalsAtRest / Duration.TotalSeconds);
        table.Add(
            $"processor time of {perSecond.ToString("N0", CultureInfo.InvariantCulture)} renewals/s, of what the load takes",
            "5%",
            $"{rests.Median / load:P1} ({rests.Least / load:P1} to {rests.Most / load:P1})");
        table.Print();
    }

    private static double Median(IEnumerable<Round> rounds, Func<Round, double> figure) => new Sorted(rounds.Select(figure)).Median;

    private static async Task<Round> RoundAsync(TimeSpan lease, int books)
    {
        var settings = new Dictionary<string, string> { ["Leases:Length"] = $"{lease}" };
        await using var cluster = await BenchCluster.StartAsync(books, settings);
        string[] keys = [.. Enumerable.Range(0, books).Select(Shelf.Key)];
        var regions = cluster.Local.Regions.Names;
        var clients = await Task.WhenAll(regions.Select(_ => BenchClient.ConnectAsync(cluster.Local, nearBytes: 0)));
        foreach (var (region, i) in regions.Select((region, i) => (region, i)))
            await clients[i].Cache.GetManyAsync(keys, new GetOptions { Region = region });
        await LookUpAsync(clients, regions, keys, Settling);
        GC.Collect();
        var before = await RenewalsAsync(clients[0], regions);
        var cpu = Environment.CpuUsage.TotalTime;
        var rate = await LookUpAsync(clients, regions, keys, Duration);
        var load = Environment.CpuUsage.TotalTime - cpu;
        var renewals = await RenewalsAsync(clients[0], regions) - before;
        // The remaining work of the load must not be counted.
        await Task.Delay(Settling);
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

    private static async Task<double> LookUpAsync(BenchClient[] clients, IReadOnlyList<string> regions, string[] keys, TimeSpan duration)
    {
        var rates = await Task.WhenAll(regions.Select((region, i) =>
        {
            var (cache, options, next) = (clients[i].Cache, new GetOptions { Region = region }, 0);
            string NextKey() => keys[(uint)Interlocked.Increment(ref next) % keys.Length];
            return Callers.RateAsync(CallersPerRegion, duration, () => cache.GetAsync(NextKey(), options).AsTask());
        }));
        return rates.Sum();
    }

    private static async Task<long> RenewalsAsync(BenchClient client, IEnumerable<string> regions) =>
        (await client.StatisticsAsync(regions)).Sum(silo => silo.Renewals);

    private static double PerSecond(TimeSpan cpu) => cpu.TotalMilliseconds / Duration.TotalSeconds;

    /// <summary>The result of a round. Load and Rest are processor time in milliseconds per second, under load and after it.</summary>
    private sealed record Round(double PerSecond, long Renewals, double Load, double Rest, long RenewalsAtRest);
}
