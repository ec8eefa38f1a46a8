using System.Diagnostics;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Catalogs;
using OrleansCache.Client;

namespace OrleansCache.Bench.Leases;

/// <summary>What coherence costs: edits of books that near caches in three regions hold, and reads beside edits.</summary>
internal static class LeasesProgram
{
    private const int Edits = 2_000;

    // Until the runtime has compiled the hot paths with optimizations.
    private const int WarmUp = 1_000;

    public static async Task RunAsync()
    {
        Surroundings.Print();
        await CommitsAsync();
        var settings = new Dictionary<string, string> { ["Leases:NearCacheCooldownAfterWrite"] = "00:00:00" };
        await using var cluster = await BenchCluster.StartAsync(books: 0, settings);
        var regions = cluster.Local.Regions.Names;
        var clients = await Task.WhenAll(regions.Select(_ => BenchClient.ConnectAsync(cluster.Local)));
        var caches = clients.Select((client, i) => (Region: regions[i], client.Cache)).ToArray();
        await EditsAsync(caches);
        await ReadsBesideEditsAsync(caches);
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    private static async Task CommitsAsync()
    {
        var folder = Directory.CreateTempSubdirectory("orleanscache-bench-");
        var times = new List<TimeSpan>();
        await using (var catalog = new SqliteCatalog(Path.Combine(folder.FullName, "commits.db")))
        {
            await catalog.InitializeAsync(CancellationToken.None);
            for (var i = 0; i < Edits; i++)
            {
                CatalogWrite write = new(Guid.NewGuid(), $"bench::{i}", Shelf.Payload(i), RowVersion.None);
                var began = Stopwatch.GetTimestamp();
                await catalog.WriteAsync([write], null, CancellationToken.None);
                times.Add(Stopwatch.GetElapsedTime(began));
            }
        }

        folder.Delete(recursive: true);
        Print("a commit of the catalog alone", times);
    }

    private static async Task EditsAsync((string Region, IBookCache Cache)[] caches)
    {
        var (edits, seen) = (new List<TimeSpan>(), new List<TimeSpan>());
        var near = 0;
        for (var i = 0; i < Edits + WarmUp; i++)
        {
            var key = $"bench::edited {i % 50}";
            if (i < 50)
                await caches[0].Cache.PutAsync(key, Shelf.Book(0));
            foreach (var (region, cache) in caches)
            {
                await cache.GetAsync(key, new GetOptions { Region = region });
                near += (await cache.GetAsync(key, new GetOptions { Region = region })).Tier is Tier.Near ? 1 : 0;
            }

            var began = Stopwatch.GetTimestamp();
            var receipt = await caches[i % caches.Length].Cache.PutAsync(key, Shelf.Book(i));
            var edited = Stopwatch.GetElapsedTime(began);
            foreach (var (region, cache) in caches)
            {
                var result = await cache.GetAsync(key, new GetOptions { Region = region });
                if (result.Version != receipt.Version)
                    throw new InvalidOperationException($"{region} has version {result.Version}; {receipt.Version} was acknowledged.");
            }

            if (i < WarmUp)
                continue;
            edits.Add(edited);
            seen.Add(Stopwatch.GetElapsedTime(began));
        }

        Console.WriteLine($"near caches that held the book before its edit: {(double)near / ((Edits + WarmUp) * caches.Length):P0}");
        Print("an edit until its acknowledgement", edits);
        Print("an edit until all three regions were read again", seen);
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
                await caches[0].Cache.PutAsync("bench::edited 0", Shelf.Book(edits++));
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
        Print($"reads of a book that is edited {edits / 10.0:N0} times a second", [.. times.SelectMany(mine => mine)]);
    }

    private static void Print(string what, IEnumerable<TimeSpan> times)
    {
        var sorted = new Sorted(times.Select(time => time.TotalMilliseconds));
        Surroundings.Say($"{what}: p50 {sorted.Median:N2} ms, p99 {sorted.At(0.99):N2} ms, max {sorted.Most:N1} ms ({sorted.Count:N0})");
    }
}
