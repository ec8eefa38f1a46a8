using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Client;
using OrleansCache.Entries;
using OrleansCache.LocalClusters;

namespace OrleansCache.Bench.Footprint;

/// <summary>
/// The memory that a book takes in a silo, in an owner and in a near cache: the growth of the managed heaps of three processes, after full
/// collections, when 200,000 books are looked up. The home region's silo has the owners and no entries, the other region's silo has the
/// entries, and this process has the near cache. The nodes' rows are in Redis.
/// </summary>
internal static class FootprintProgram
{
    private const int Books = 200_000;
    private const int WarmUpBooks = 2_000;
    private const int BooksPerLookup = 1_000;
    private const string Home = "europe";
    private const string Other = "asia";
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    // Leases and entries outlast the measurement, and timeouts suit a busy machine.
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["TimeToLive"] = "02:00:00",
        ["Leases:Length"] = "01:00:00",
        ["MemoryBudgetBytes"] = "2000000000",
        ["OwnerBudget"] = "00:00:20",
        ["OwnerPatience"] = "00:00:10",
    };

    public static async Task RunAsync()
    {
        Surroundings.Print();
        await using var cluster = await ProcessCluster.StartAsync(new()
        {
            Regions = [Home, Other],
            Settings = Settings,
            PrepareCatalog = (catalog, _) => Shelf.FillAsync(catalog, Books + WarmUpBooks),
            StartLimit = TimeSpan.FromMinutes(5),
        });
        using var orleans = await BenchClient.ConnectToOrleansAsync(cluster);
        await using var far = await ConnectAsync(cluster, nearBytes: 0);
        string[] keys = [.. Enumerable.Range(0, Books).Select(Shelf.Key)];
        string[] others = [.. Enumerable.Range(Books, WarmUpBooks).Select(Shelf.Key)];
        // One-time allocations happen before the books are loaded.
        await ReadAsync(far.Cache, others);
        await SettleAsync(far.Cache, others);
        var (home, other) = (await HeapAsync(orleans, Home), await HeapAsync(orleans, Other));
        await ReadAsync(far.Cache, keys);
        await SettleAsync(far.Cache, others);
        var (homeAfter, otherAfter) = (await HeapAsync(orleans, Home), await HeapAsync(orleans, Other));
        var entries = (await far.Operations.GetStatisticsAsync(Other)).Sum(silo => silo.Copies);
        if (entries < Books)
            throw new InvalidOperationException($"The silo holds {entries} entries.");

        var table = new FigureTable();
        table.Add("a book of 600 bytes in its region's silo", "3,000 B", $"{PerBook(other, otherAfter):N0} B");
        table.Add("whatever grows in the home silo for a leased book", "", $"{PerBook(home, homeAfter):N0} B");
        table.Add("of it the owner's grant (a table of grants by itself)", "200 B", $"{Grants():N0} B");
        await NearAsync(cluster, orleans, table, keys, others, otherAfter);
        table.Print();
        await orleans.StopAsync();
    }

    private static async Task NearAsync(
        ProcessCluster cluster, IHost orleans, FigureTable table, string[] keys, string[] others, long silo)
    {
        await using var near = await ConnectAsync(cluster, nearBytes: 2_000_000_000);
        while (await ReadAsync(near.Cache, others) < others.Length)
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await ReadAsync(near.Cache, keys);
        if (await ReadAsync(near.Cache, keys) is var held && held < Books)
            throw new InvalidOperationException($"The near cache holds {held} books.");
        var raw = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var key in keys)
            _ = (await near.Cache.GetAsync(key)).Book;
        var decoded = GC.GetTotalMemory(forceFullCollection: true);
        table.Add("a book in a near cache, as it was received", "1,000 B", $"{PerBook(before, raw):N0} B");
        table.Add("the same, after its `Book` was read", "", $"{PerBook(before, decoded):N0} B");
        table.Add("a client's lease on a book, in the silo", "", $"{PerBook(silo, await HeapAsync(orleans, Other)):N0} B");
    }

    private static Task<BenchClient> ConnectAsync(ProcessCluster cluster, long nearBytes) => BenchClient.ConnectAsync(
        cluster, nearBytes, options => (options.AttemptBudget, options.Deadline) = (TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2)));

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

    /// <summary>Waits until owners may drop the rows that they have read, and reads another one, which makes them do so.</summary>
    private static async Task SettleAsync(IBookCache cache, string[] others)
    {
        await Task.Delay(Settling);
        await cache.GetAsync(others[0], new GetOptions { Region = Other, Fresh = true });
    }

    /// <summary>The managed memory of a region's silo after full collections.</summary>
    private static async Task<long> HeapAsync(IHost orleans, string region)
    {
        var management = orleans.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        var hosts = await management.GetDetailedHosts(onlyActive: true);
        SiloAddress[] silo = [hosts.Single(host => host.SiloName == $"{region}.1").SiloAddress];
        // The second collection frees what finalizers of the first one have released.
        await management.ForceGarbageCollection(silo);
        await management.ForceGarbageCollection(silo);
        return (await management.GetRuntimeStatistics(silo))[0].EnvironmentStatistics.RawMemoryUsageBytes;
    }

    private static double Grants()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var grants = new HolderRegistry<string>(1_000_000, keepsUnheld: true);
        var holder = grants.Admit("silo", atLeast: 0);
        for (var i = 0; i < Books; i++)
            grants.Register(holder, Shelf.Key(i), RowVersion.None, sent: 0);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(grants);
        return PerBook(before, after);
    }

    private static double PerBook(long before, long after) => (after - before) / (double)Books;
}
