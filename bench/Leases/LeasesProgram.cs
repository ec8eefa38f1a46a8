using System.Diagnostics;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Catalogs;
using OrleansCache.Client;
using OrleansCache.LocalClusters;

namespace OrleansCache.Bench.Leases;

/// <summary>What coherence costs: edits of books that near caches in three regions hold, and reads beside edits.</summary>
internal static class LeasesProgram
{
    private const int Edits = 2_000;

    // The runtime compiles anew, in the background, what has been called often.
    private const int WarmUp = 1_000;

    public static async Task RunAsync()
    {
        Surroundings.Print();
        var folder = Directory.CreateTempSubdirectory("orleanscache-bench-");
        var file = Path.Combine(folder.FullName, "catalog.db");
        await using (var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { CatalogPath = file, Settings = new Dictionary<string, string> { ["Leases:NearCacheCooldownAfterWrite"] = "00:00:00" } }, CancellationToken.None))
        {
            var clients = await Task.WhenAll(cluster.Regions.Names.Select(_ => BenchClient.ConnectAsync(cluster)));
            var caches = clients.Select((client, i) => (Region: cluster.Regions.Names[i], client.Cache)).ToArray();
            await CommitsAsync(Path.Combine(folder.FullName, "commits.db"));
            await EditsAsync(caches);
            await ReadsBesideEditsAsync(caches);
            foreach (var client in clients)
                await client.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    private static async Task CommitsAsync(string file)
    {
        await using var catalog = new SqliteCatalog(file);
        await catalog.InitializeAsync(CancellationToken.None);
        var times = new List<TimeSpan>();
        for (var i = 0; i < Edits; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await catalog.WriteAsync([new(Guid.NewGuid(), $"bench::{i}", BookPayload.Encode(Book(i)), RowVersion.None)], CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(began));
        }

        Say("a commit of the database alone", times);
    }

    private static async Task EditsAsync((string Region, IBookCache Cache)[] caches)
    {
        var (edits, seen) = (new List<TimeSpan>(), new List<TimeSpan>());
        var near = 0;
        for (var i = 0; i < Edits + WarmUp; i++)
        {
            var key = $"bench::edited {i % 50}";
            if (i < 50)
                await caches[0].Cache.PutAsync(key, Book(-1));
            foreach (var (region, cache) in caches)
            {
                await cache.GetAsync(key, new GetOptions { Region = region });
                near += (await cache.GetAsync(key, new GetOptions { Region = region })).Tier is Tier.Near ? 1 : 0;
            }

            var began = Stopwatch.GetTimestamp();
            var receipt = await caches[i % caches.Length].Cache.PutAsync(key, Book(i));
            var edited = Stopwatch.GetElapsedTime(began);
            foreach (var (region, cache) in caches)
            {
                var result = await cache.GetAsync(key, new GetOptions { Region = region });
                if (result.Version != receipt.Version)
                    throw new InvalidOperationException($"{region} has version {result.Version} after {receipt.Version} was acknowledged.");
            }

            if (i < WarmUp)
                continue;
            edits.Add(edited);
            seen.Add(Stopwatch.GetElapsedTime(began));
        }

        Console.WriteLine($"near caches that held the book before its edit: {(double)near / ((Edits + WarmUp) * caches.Length):P0}");
        Say("an edit until its acknowledgement", edits);
        Say("an edit until all three regions were read again", seen);
    }

    private static async Task ReadsBesideEditsAsync((string Region, IBookCache Cache)[] caches)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var edits = 0;
        var author = Task.Run(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (!end.IsCancellationRequested)
            {
                await timer.WaitForNextTickAsync(CancellationToken.None);
                await caches[0].Cache.PutAsync("bench::edited 0", Book(edits++));
            }
        });
        var times = await Task.WhenAll(caches.Select(reader => Task.Run(async () =>
        {
            var mine = new List<TimeSpan>();
            while (!end.IsCancellationRequested)
            {
                var began = Stopwatch.GetTimestamp();
                await reader.Cache.GetAsync("bench::edited 0", new GetOptions { Region = reader.Region });
                mine.Add(Stopwatch.GetElapsedTime(began));
                await Task.Delay(1);
            }

            return mine;
        })));
        await author;
        Say($"reads of a book that is edited {edits / 10.0:N0} times a second", [.. times.SelectMany(mine => mine)]);
    }

    private static Book Book(int number) => new($"Edition {number}", "Nobody", 1984, Description: new string('x', 500));

    private static void Say(string what, List<TimeSpan> times)
    {
        times.Sort();
        Console.WriteLine($"{what}: p50 {times[times.Count / 2].TotalMilliseconds:N2} ms, p99 {times[times.Count * 99 / 100].TotalMilliseconds:N2} ms, longest {times[^1].TotalMilliseconds:N1} ms ({times.Count:N0})");
    }
}
