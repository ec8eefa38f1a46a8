using System.Globalization;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Popularity;
using OrleansCache.Bench.Reports;
using OrleansCache.Configuration;
using OrleansCache.Redis;

namespace OrleansCache.Bench.Steady;

/// <summary>
/// The catalog queries that a steady load causes, and the share of it that near caches answer, with a client in each of three regions. Both
/// are counts, which hardly depend on other load; longer timeouts avoid lookups in other regions.
/// </summary>
internal static class SteadyProgram
{
    private const int Books = 10_000;
    private const int LookupsPerSecond = 1_000;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <param name="args">"near" or "far" (without near caches), the minutes (default 5), and a file of popularities; optional.</param>
    public static async Task RunAsync(string[] args)
    {
        var isNear = args is not ["far", ..];
        var minutes = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
        var popularity = await BookPopularity.LoadAsync(args.Length > 2 ? args[2] : null, Books);
        Surroundings.Print();
        var with = isNear ? "with" : "without";
        Surroundings.Say($"{LookupsPerSecond:N0} lookups/s in each of three regions, {with} near caches; {popularity.Description}");
        await using var cluster = await BenchCluster.StartAsync(popularity.Books, new Dictionary<string, string>
        {
            [nameof(CacheOptions.OwnerBudget)] = $"{Timeout}",
            [nameof(CacheOptions.OwnerPatience)] = $"{Timeout / 2}",
            [$"{nameof(CacheOptions.Node)}:{nameof(NodeOptions.Budget)}"] = $"{Timeout / 2}",
        });
        var regions = cluster.Local.Regions.Names;
        var clients = await Task.WhenAll(regions.Select(_ => BenchClient.ConnectAsync(
            cluster.Local, isNear ? null : 0, options => (options.AttemptBudget, options.Deadline) = (Timeout, 2 * Timeout))));
        using var stop = new CancellationTokenSource();
        var readers = regions
            .Select((region, i) => new PacedReader(clients[i].Cache, region, popularity, LookupsPerSecond, new Random(i)))
            .ToArray();
        var moments = new List<Moment> { await Moment.TakeAsync(readers, clients[0], regions) };
        var running = Task.WhenAll(readers.Select(reader => reader.RunAsync(stop.Token)));
        for (var minute = 1; minute <= minutes; minute++)
        {
            await Task.Delay(Period);
            moments.Add(await Moment.TakeAsync(readers, clients[0], regions));
            Say(minute, moments[^2], moments[^1]);
        }

        await stop.CancelAsync();
        await running;
        Print(moments, isNear);
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    private static void Say(int minute, Moment before, Moment now)
    {
        var seconds = now.SecondsSince(before);
        var (answered, queries) = ((now.Answered - before.Answered) / seconds, (now.Queries - before.Queries) / seconds);
        var rows = (now.Rows - before.Rows) / seconds;
        Surroundings.Say($"minute {minute}: {answered:N0} answered/s, {now.Failed - before.Failed} failed, {Near(before, now):P1} near");
        Surroundings.Say($"    {queries:N1} queries/s, {rows:N1} rows/s, {now.Entries:N0} entries");
    }

    private static void Print(List<Moment> moments, bool isNear)
    {
        var (first, before, last) = (moments[1], moments[moments.Count / 2], moments[^1]);
        var seconds = last.SecondsSince(before);
        var (from, to) = ((moments.Count / 2) + 1, moments.Count - 1);
        var table = new FigureTable();
        var rows = (last.Rows - before.Rows) / seconds;
        table.Add(
            $"catalog queries, minutes {from} to {to}",
            "at most 4/s",
            $"{(last.Queries - before.Queries) / seconds:N1}/s ({rows:N0} rows/s)");
        if (isNear)
        {
            table.Add("answered by near caches, the first minute", "", $"{Near(moments[0], first):P1}");
            table.Add($"answered by near caches, minutes {from} to {to}", "at least 90%", $"{Near(before, last):P1}");
        }

        table.Print();
    }

    private static double Near(Moment before, Moment now) => (double)(now.Near - before.Near) / (now.Answered - before.Answered);
}
