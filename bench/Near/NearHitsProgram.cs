using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Caching.Memory;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Popularity;
using OrleansCache.Bench.Reports;
using OrleansCache.Client;

namespace OrleansCache.Bench.Near;

/// <summary>
/// Near hits compared with <c>MemoryCache.TryGetValue</c>: many short rounds of the two alternate, with the same keys in the same order, so
/// that other load on the machine affects both. The figure is the median of the ratios. The MemoryCache is used as in an application: a
/// size limit, entries with a size and an absolute expiration, and the decoded book as the value.
/// </summary>
internal static class NearHitsProgram
{
    private const string Region = "europe";
    private const int Books = 1_000;
    // Short compared to a time slice, so that most pairs are not interrupted.
    private const int Hits = 2_000;

    // Until everything has been compiled with optimizations, which takes long on a busy machine.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    private const long MemoryBytes = 64 * 1024 * 1024;

    /// <param name="args">The number of rounds (default 10,000), and a file of popularities; optional.</param>
    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        var popularity = await BookPopularity.LoadAsync(args.Length > 1 ? args[1] : null, Books);
        Surroundings.Print();
        await using var cluster = await BenchCluster.StartAsync(Books);
        await using var client = await BenchClient.ConnectAsync(cluster.Local);
        string[] keys = [.. Enumerable.Range(0, Books).Select(Shelf.Key)];
        // An application makes the keys from its own requests, so they are not the string instances in the cache.
        string[] asked = [.. keys.Select(key => new string(key.AsSpan()))];
        using var memory = new MemoryCache(new MemoryCacheOptions { SizeLimit = MemoryBytes });
        foreach (var key in keys)
        {
            var entry = new MemoryCacheEntryOptions { Size = Shelf.PayloadBytes, AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };
            memory.Set(key, Shelf.Book(0), entry);
        }

        await HoldAsync(client.Cache, keys);

        var table = new FigureTable();
        await MeasureAsync(table, "one book", client.Cache, memory, [asked[0]], rounds);
        var random = new Random(1);
        string[] drawn = [.. Enumerable.Range(0, Hits).Select(_ => asked[popularity.Draw(random)])];
        await MeasureAsync(table, popularity.Description, client.Cache, memory, drawn, rounds);
        // Not in the order of insertion, so that the processor cannot predict the next address.
        random.Shuffle(asked);
        await MeasureAsync(table, $"{Books:N0} books in turns", client.Cache, memory, asked, rounds);
        Surroundings.Say($"{rounds:N0} pairs of rounds with {Hits:N0} lookups each; load average {Surroundings.Load()}");
        table.Print();
    }

    private static async Task MeasureAsync(
        FigureTable table, string what, IBookCache cache, MemoryCache memory, string[] keys, int rounds)
    {
        var pairs = new List<(double Near, double Memory)>();
        var bytes = 0L;
        var repeated = 0;
        var began = Stopwatch.GetTimestamp();
        for (var round = 0; pairs.Count < rounds; round++)
        {
            // The order alternates, so that neither always has the warmer processor caches.
            double near, other;
            long allocated;
            bool isNear;
            if (round % 2 == 0)
            {
                (near, allocated, isNear) = NearRound(cache, keys);
                other = MemoryRound(memory, keys);
            }
            else
            {
                other = MemoryRound(memory, keys);
                (near, allocated, isNear) = NearRound(cache, keys);
            }

            if (!isNear)
            {
                // Leases have expired while the machine was paused.
                repeated++;
                await HoldAsync(cache, keys);
            }
            else if (Stopwatch.GetElapsedTime(began) > WarmUp)
            {
                pairs.Add((near, other));
                bytes += allocated;
            }
        }

        var ratios = new Sorted(pairs.Select(pair => pair.Near / pair.Memory));
        var (ours, theirs) = (new Sorted(pairs.Select(pair => pair.Near)), new Sorted(pairs.Select(pair => pair.Memory)));
        table.Add(
            $"a near hit beside `MemoryCache.TryGetValue`, {what}",
            "0.6",
            $"{ratios.Median:N2} ({ratios.At(0.25):N2} to {ratios.At(0.75):N2}); {ours.Median:N1} ns beside {theirs.Median:N1} ns");
        table.Add($"its allocation, {what}", "0 B", $"{(double)bytes / ((long)pairs.Count * Hits):N3} B ({repeated} rounds repeated)");
    }

    /// <summary>Looks books up until all are in the near cache.</summary>
    private static async Task HoldAsync(IBookCache cache, string[] keys)
    {
        var options = new GetOptions { Region = Region };
        for (var held = 0; held < keys.Length;)
        {
            held = 0;
            foreach (var key in keys)
                held += (await cache.GetAsync(key, options)).Tier is Tier.Near ? 1 : 0;
        }
    }

    private static (double Nanoseconds, long Allocated, bool IsNear) NearRound(IBookCache cache, string[] keys)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        var found = 0;
        for (var (i, at) = (0, 0); i < Hits; i++)
        {
            // Only a near hit completes synchronously.
            var hit = cache.GetAsync(keys[at]);
            if (!hit.IsCompletedSuccessfully)
                return (0, 0, false);
            found += hit.Result is null ? 0 : 1;
            if (++at == keys.Length)
                at = 0;
        }

        var elapsed = Stopwatch.GetElapsedTime(began);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return (elapsed.TotalNanoseconds / Hits, allocated, found == Hits);
    }

    private static double MemoryRound(MemoryCache memory, string[] keys)
    {
        var began = Stopwatch.GetTimestamp();
        var found = 0;
        for (var (i, at) = (0, 0); i < Hits; i++)
        {
            found += memory.TryGetValue(keys[at], out var book) && book is not null ? 1 : 0;
            if (++at == keys.Length)
                at = 0;
        }

        var elapsed = Stopwatch.GetElapsedTime(began);
        return found == Hits ? elapsed.TotalNanoseconds / Hits : throw new InvalidOperationException("The MemoryCache has evicted books.");
    }
}
