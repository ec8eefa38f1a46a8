using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Client;
using OrleansCache.Configuration;
using OrleansCache.Entries;

namespace OrleansCache.Bench.Footprint;

/// <summary>
/// The memory that a book takes in silos and in a near cache: the growth of this process's managed heap, after full collections, when
/// 200,000 books are looked up. The home region's silo has the owners and no entries, the other region's silo has the entries, and the
/// nodes' rows are in Redis.
/// </summary>
internal static class FootprintProgram
{
    private const int Books = 200_000;
    private const int WarmUpBooks = 2_000;
    private const int BooksPerLookup = 1_000;
    private const string Home = "europe";
    private const string Other = "asia";
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Leases and entries outlast the measurement, and timeouts suit a busy machine.
    private static readonly Dictionary<string, string> Settings = new()
    {
        [nameof(CacheOptions.TimeToLive)] = "02:00:00",
        [nameof(CacheOptions.MemoryBudgetBytes)] = "2000000000",
        [nameof(CacheOptions.OwnerBudget)] = $"{Patience}",
        [nameof(CacheOptions.OwnerPatience)] = $"{Patience / 2}",
    };

    public static async Task RunAsync()
    {
        Surroundings.Print();
        string[] keys = [.. Enumerable.Range(0, Books).Select(Shelf.Key)];
        string[] others = [.. Enumerable.Range(Books, WarmUpBooks).Select(Shelf.Key)];
        await using var cluster = await BenchCluster.StartAsync(
            Books + WarmUpBooks, Settings, options => options with { Regions = [Home, Other] });
        await using var far = await ConnectAsync(cluster, nearBytes: 0);
        var table = new FigureTable();
        // One-time allocations happen before the books are loaded.
        await ReadAsync(far.Cache, others);
        var before = await HeapAsync(far.Cache, others);
        await ReadAsync(far.Cache, keys);
        var held = await HeapAsync(far.Cache, others);
        var entries = (await far.Operations.GetStatisticsAsync(Other)).Sum(silo => silo.Copies);
        if (entries < Books)
            throw new InvalidOperationException($"The silo holds {entries} entries.");

        var silos = PerBook(before, held);
        table.Add("a book of 600 bytes in its region's silo, and its registration at the owner", "3,200 B", $"{silos:N0} B");
        table.Add("of it the registration (a table of them by itself)", "200 B", $"{Registrations("silo"):N0} B");
        await NearAsync(cluster, table, keys, others);
        table.Print();
    }

    private static async Task NearAsync(BenchCluster cluster, FigureTable table, string[] keys, string[] others)
    {
        await using var near = await ConnectAsync(cluster, nearBytes: 2_000_000_000);
        while (await ReadAsync(near.Cache, others) < others.Length)
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        var before = await HeapAsync(near.Cache, others);
        await ReadAsync(near.Cache, keys);
        if (await ReadAsync(near.Cache, keys) is var held && held < Books)
            throw new InvalidOperationException($"The near cache holds {held} books.");
        var raw = await HeapAsync(near.Cache, others);
        foreach (var key in keys)
            _ = (await near.Cache.GetAsync(key)).Book;
        var decoded = await HeapAsync(near.Cache, others);
        var received = PerBook(before, raw);
        table.Add("a book in a near cache, as it was received, and its registration in the silo", "1,200 B", $"{received:N0} B");
        table.Add("of it the registration (a table of them by itself)", "200 B", $"{Registrations(Guid.NewGuid()):N0} B");
        table.Add("the near cache's book after its `Book` was read, and the registration", "", $"{PerBook(before, decoded):N0} B");
    }

    private static Task<BenchClient> ConnectAsync(BenchCluster cluster, long nearBytes) => BenchClient.ConnectAsync(
        cluster.Local, nearBytes, options => (options.AttemptBudget, options.Deadline) = (Patience, 4 * Patience));

    /// <returns>The number of lookups that the near cache answered.</returns>
    private static async Task<int> ReadAsync(IBookCache cache, string[] keys)
    {
        var near = 0;
        foreach (var some in keys.Chunk(BooksPerLookup))
        {
            foreach (var result in await cache.GetManyAsync(some, new GetOptions { Region = Other }))
            {
                near += result.Tier is Tier.Near ? 1 : 0;
                if (!result.Found || result.Flags is not LookupFlags.None)
                    throw new InvalidOperationException($"{result.Key} was answered with {result.Flags}.");
            }
        }

        return near;
    }

    /// <summary>The heap when owners have dropped the rows that they have just read; reading another one makes them do so.</summary>
    private static async Task<long> HeapAsync(IBookCache cache, string[] others)
    {
        await Task.Delay(Settling);
        await cache.GetAsync(others[0], new GetOptions { Region = Other, Fresh = true });
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static double Registrations<T>(T id) where T : notnull
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var registry = new HolderRegistry<T>(1_000_000, keepsUnheld: true);
        var holder = registry.Admit(id, atLeast: 0);
        for (var i = 0; i < Books; i++)
            registry.Register(holder, Shelf.Key(i), RowVersion.None, sent: 0);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(registry);
        return PerBook(before, after);
    }

    private static double PerBook(long before, long after) => (after - before) / (double)Books;
}
