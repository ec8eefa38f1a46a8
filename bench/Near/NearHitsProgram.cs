using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Caching.Memory;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Popularity;
using OrleansCache.Bench.Reports;
using OrleansCache.Client;

namespace OrleansCache.Bench.Near;

/// <summary>
/// A hit of the near cache beside <c>MemoryCache.TryGetValue</c>, as pairs: many short rounds by turns, each with the same keys in the same order, so that what
/// else the machine does falls on both; the median of the pairs' ratios is the figure. The MemoryCache is as an application would have it: a size limit, entries with
/// a size and an absolute expiration, and the decoded book as the value.
/// </summary>
internal static class NearHitsProgram
{
    private const string Region = "europe";
    private const int Books = 1_000;
    // Short beside the time that the system gives a thread in one piece, so that most pairs are measured without an interruption.
    private const int Hits = 2_000;

    // Until everything has been compiled for the last time, which takes long where others use the machine, too.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    private const long MemoryBytes = 64 * 1024 * 1024;

    /// <param name="args">The number of rounds, where it is not to be 10,000, and the file of popularities if there is one.</param>
    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        var popularity = await BookPopularity.LoadAsync(args.Length > 1 ? args[1] : null, Books);
        Surroundings.Print();
        await using var cluster = await BenchCluster.StartAsync(Books);
        await using var client = await BenchClient.ConnectAsync(cluster.Local);
        string[] keys = [.. Enumerable.Range(0, Books).Select(Shelf.Key)];
        // An application makes the key that it looks up from what it was asked; it has not the string that was kept.
        string[] asked = [.. keys.Select(key => new string(key.AsSpan()))];
        using var memory = new MemoryCache(new MemoryCacheOptions { SizeLimit = MemoryBytes });
        foreach (var key in keys)
            memory.Set(key, Shelf.Book(0), new MemoryCacheEntryOptions { Size = Shelf.PayloadBytes, AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });
        await HoldAsync(client.Cache, keys);

        var table = new FigureTable();
        await MeasureAsync(table, "one book", client.Cache, memory, [asked[0]], rounds);
        var random = new Random(1);
        string[] drawn = [.. Enumerable.Range(0, Hits).Select(_ => asked[popularity.Draw(random)])];
        await MeasureAsync(table, popularity.Description, client.Cache, memory, drawn, rounds);
        // In another order than that in which both were filled, so that the processor cannot tell what comes next.
        random.Shuffle(asked);
        await MeasureAsync(table, $"{Books:N0} books in turns", client.Cache, memory, asked, rounds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rounds:N0} pairs of rounds with {Hits:N0} look-ups each; load average {Surroundings.Load()}"));
        table.Print();
    }

    private static async Task MeasureAsync(FigureTable table, string what, IBookCache cache, MemoryCache memory, string[] keys, int rounds)
    {
        var pairs = new List<(double Near, double Memory)>();
        var bytes = 0L;
        var retaken = 0;
        var began = Stopwatch.GetTimestamp();
        for (var round = 0; pairs.Count < rounds; round++)
        {
            // Which of both comes first changes, so that neither has the warmer caches or the other's collection.
            double near, theirs;
            long allocated;
            bool isNear;
            if (round % 2 == 0)
            {
                (near, allocated, isNear) = NearRound(cache, keys);
                theirs = MemoryRound(memory, keys);
            }
            else
            {
                theirs = MemoryRound(memory, keys);
                (near, allocated, isNear) = NearRound(cache, keys);
            }

            if (!isNear)
            {
                // A pause of the machine has let leases end.
                retaken++;
                await HoldAsync(cache, keys);
            }
            else if (Stopwatch.GetElapsedTime(began) > WarmUp)
            {
                pairs.Add((near, theirs));
                bytes += allocated;
            }
        }

        var ratios = new Sorted(pairs.Select(pair => pair.Near / pair.Memory));
        table.Add(
            $"a near hit beside `MemoryCache.TryGetValue`, {what}",
            "at most 0.6",
            $"{ratios.Median:N2} (middle half {ratios.At(0.25):N2} to {ratios.At(0.75):N2}, middle 90% {ratios.At(0.05):N2} to {ratios.At(0.95):N2}); {new Sorted(pairs.Select(pair => pair.Near)).Median:N1} ns beside {new Sorted(pairs.Select(pair => pair.Memory)).Median:N1} ns");
        table.Add($"what it allocates, {what}", "nothing", $"{(double)bytes / ((long)pairs.Count * Hits):N3} B ({retaken} rounds retaken)");
    }

    /// <summary>Has all books in the near cache.</summary>
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
            // Only a near hit is completed by then: anything else is a message.
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
        return found == Hits ? elapsed.TotalNanoseconds / Hits : throw new InvalidOperationException("The MemoryCache has let go of books.");
    }
}
