using System.Diagnostics;
using System.Globalization;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Client;
using OrleansCache.LocalClusters;

namespace OrleansCache.Bench.Unreachable;

/// <summary>
/// An edit of a book that an unresponsive region holds: how long the edit takes, and how it affects readers in the other regions. Three
/// regions with a silo each, as processes. The unresponsive one is paused (SIGSTOP), so that its connections stay open.
/// </summary>
internal static class UnreachableProgram
{
    private const string Silent = "asia";
    private const string SilentSilo = "asia.1";

    // Lookups above this are counted: most of them have waited for the edit.
    private const double SlowMilliseconds = 90;

    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    /// <param name="args">The number of rounds (default 3).</param>
    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        Surroundings.Print();
        var key = Shelf.Key(1);
        await using var cluster = await ProcessCluster.StartAsync(new() { });
        await using var author = await BenchClient.ConnectAsync(cluster);
        await author.Cache.PutAsync(key, Shelf.Book(0));
        string[] others = [.. cluster.Regions.Where(region => region != Silent)];
        var readers = new List<(BenchClient Client, EvenReader Reader)>();
        foreach (var region in others)
        {
            // Without a near cache, every lookup is a call to the silo.
            var client = await BenchClient.ConnectAsync(cluster, nearBytes: 0);
            readers.Add((client, new(client.Cache, region, key)));
        }

        using var stop = new CancellationTokenSource();
        var running = Task.WhenAll(readers.Select(reader => reader.Reader.RunAsync(stop.Token)));
        var taken = new List<Round>();
        for (var round = 1; round <= rounds; round++)
        {
            taken.Add(await RoundAsync(cluster, author, [.. readers.Select(reader => reader.Reader)], key, round));
            await cluster.RestartSiloAsync(SilentSilo);
            await Task.Delay(Settling);
        }

        await stop.CancelAsync();
        await running;
        Print(taken);
        foreach (var (client, _) in readers)
            await client.DisposeAsync();
    }

    private static async Task<Round> RoundAsync(ProcessCluster cluster, BenchClient author, EvenReader[] readers, string key, int round)
    {
        var options = new GetOptions { Region = Silent };
        var began = Stopwatch.GetTimestamp();
        for (var left = Warm; left > TimeSpan.Zero; left -= TimeSpan.FromMilliseconds(100))
        {
            await author.Cache.GetAsync(key, options);
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        // The region must hold the book under a lease before it is paused.
        var answered = await author.Cache.GetAsync(key, options);
        if (answered.Region != Silent)
            throw new InvalidOperationException($"{Silent} does not answer before it is stopped.");
        await cluster.Silo(SilentSilo).PauseAsync();
        var paused = Stopwatch.GetTimestamp();
        var receipt = await author.Cache.PutAsync(key, Shelf.Book(round));
        var acknowledged = Stopwatch.GetTimestamp();
        var result = new Round(
            Stopwatch.GetElapsedTime(paused, acknowledged).TotalSeconds,
            [.. readers.SelectMany(reader => reader.Between(began, paused))],
            [.. readers.SelectMany(reader => reader.Between(paused, acknowledged))]);
        Surroundings.Say($"round {round}: version {receipt.Version} after {result.Seconds:N2} s; load average {Surroundings.Load()}");
        Surroundings.Say($"    before: {Describe(result.Before)}");
        Surroundings.Say($"    during: {Describe(result.During)}");
        return result;
    }

    private static void Print(List<Round> rounds)
    {
        var edits = new Sorted(rounds.Select(round => round.Seconds));
        var table = new FigureTable();
        table.Add(
            $"an edit while {Silent}, which holds the book, does not answer",
            "one lease (10 s) and 0.5 s",
            $"{edits.Least:N1} to {edits.Most:N1} s, median {edits.Median:N1} s ({edits.Count} times)");
        table.Add(
            "lookups of that book in the other regions meanwhile, 200/s each",
            "p99 as before",
            $"{Describe(rounds.SelectMany(round => round.During))}; before: {Describe(rounds.SelectMany(round => round.Before))}");
        table.Print();
    }

    private static FormattableString Describe(IEnumerable<EvenReader.Read> reads)
    {
        EvenReader.Read[] all = [.. reads];
        var times = new Sorted(all.Select(read => read.Milliseconds));
        var flaws = all.Where(read => read.Flaw.Length > 0).GroupBy(read => read.Flaw).Select(flaw => $", {flaw.Count()} {flaw.Key}");
        var slow = all.Count(read => read.Milliseconds > SlowMilliseconds);
        var failures = string.Concat(flaws);
        var (median, high, most, count) = (times.Median, times.At(0.99), times.Most, times.Count);
        return $"p50 {median:N2}, p99 {high:N1}, max {most:N0} ms; {slow:N0} of {count:N0} over 90 ms{failures}";
    }

    private sealed record Round(double Seconds, EvenReader.Read[] Before, EvenReader.Read[] During);
}
