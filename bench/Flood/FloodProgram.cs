using System.Diagnostics;
using System.Globalization;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Client;
using OrleansCache.Configuration;

namespace OrleansCache.Bench.Flood;

/// <summary>
/// A flood of keys that do not exist beside books that are read one after the other: the share of the books that the silo answers from its
/// memory before, during and after it. The books take most of the memory.
/// </summary>
internal static class FloodProgram
{
    private const string Region = "europe";
    private const int Books = 20_000;
    private const int BooksPerSecond = 1_000;
    private const int KeysPerSecond = 5_000;
    private const int KeysPerCall = 100;
    private const int MostCalls = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync()
    {
        Surroundings.Print();
        await using var cluster = await BenchCluster.StartAsync(
            Books,
            new Dictionary<string, string>
            {
                [nameof(CacheOptions.MemoryBudgetBytes)] = "80000000",
                [nameof(CacheOptions.OwnerBudget)] = $"{Patience}",
                [nameof(CacheOptions.OwnerPatience)] = $"{Patience / 2}",
            },
            options => options with { Regions = [Region] });
        await using var client = await BenchClient.ConnectAsync(
            cluster.Local, nearBytes: 0, options => (options.AttemptBudget, options.Deadline) = (Patience, 2 * Patience));
        var (hits, read, unknown, next) = (0L, 0L, 0L, 0);
        foreach (var numbers in Enumerable.Range(0, Books).Chunk(1_000))
            await client.Cache.GetManyAsync([.. numbers.Select(Shelf.Key)], new GetOptions { Region = Region });

        var table = new FigureTable();
        await MeasureAsync("before", TimeSpan.FromSeconds(30), isFlooded: false);
        await MeasureAsync("during the flood", TimeSpan.FromSeconds(60), isFlooded: true);
        await MeasureAsync("after it", TimeSpan.FromSeconds(30), isFlooded: false);
        table.Print();

        async Task MeasureAsync(string when, TimeSpan length, bool isFlooded)
        {
            (hits, read, unknown) = (0, 0, 0);
            using var over = new CancellationTokenSource(length);
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(
                PaceAsync(BooksPerSecond / KeysPerCall, ReadBooksAsync, over.Token),
                isFlooded ? PaceAsync(KeysPerSecond / KeysPerCall, AskForUnknownAsync, over.Token) : Task.CompletedTask);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var silo = (await client.StatisticsAsync([Region])).Single();
            Surroundings.Say($"{when}: {silo.Absences:N0} absences held");
            table.Add(
                $"books answered from the silo's memory {when}",
                isFlooded ? "at most 10 points less" : "",
                $"{(double)hits / read:P1} of {read / seconds:N0}/s, {unknown / seconds:N0} unknown keys/s");
        }

        async Task ReadBooksAsync()
        {
            var first = (next += KeysPerCall) - KeysPerCall;
            var keys = Enumerable.Range(first, KeysPerCall).Select(number => Shelf.Key(number % Books));
            foreach (var result in await client.Cache.GetManyAsync([.. keys], new GetOptions { Region = Region }))
            {
                Interlocked.Increment(ref read);
                if (result.Tier is Tier.Silo)
                    Interlocked.Increment(ref hits);
            }
        }

        async Task AskForUnknownAsync()
        {
            var keys = Enumerable.Range(0, KeysPerCall)
                .Select(_ => string.Create(CultureInfo.InvariantCulture, $"book::unknown {Random.Shared.NextInt64()}"));
            await client.Cache.GetManyAsync([.. keys], new GetOptions { Region = Region });
            Interlocked.Add(ref unknown, KeysPerCall);
        }
    }

    private static async Task PaceAsync(int callsPerSecond, Func<Task> call, CancellationToken over)
    {
        var (began, begun) = (Stopwatch.GetTimestamp(), 0);
        var running = new List<Task>();
        while (!over.IsCancellationRequested)
        {
            running.RemoveAll(one => one.IsCompletedSuccessfully);
            var due = (int)(Stopwatch.GetElapsedTime(began).TotalSeconds * callsPerSecond);
            for (; begun < due; begun++)
            {
                if (running.Count < MostCalls)
                    running.Add(call());
            }

            await Task.Delay(Beat, CancellationToken.None);
        }

        await Task.WhenAll(running);
    }
}
