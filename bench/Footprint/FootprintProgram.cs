using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.Client;
using OrleansCache.Entries;

namespace OrleansCache.Bench.Footprint;

/// <summary>
/// What a book takes in a silo, in an owner and in a near cache: what the heaps of three processes grow by, in use after full collections, when 200,000 books are looked up.
/// The home region's silo has the owners and no copy, the other region's has the copies, and this process has the near cache.
/// </summary>
internal static class FootprintProgram
{
    private const int Books = 200_000;
    private const int WarmUpBooks = 2_000;
    private const int BooksPerLookup = 1_000;
    private const int Home = 0;
    private const int Other = 1;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    public static async Task RunAsync()
    {
        Surroundings.Print();
        await using var cluster = await HeapCluster.StartAsync(Books + WarmUpBooks);
        await using var far = await cluster.ConnectAsync(nearBytes: 0);
        string[] keys = [.. Enumerable.Range(0, Books).Select(Shelf.Key)];
        string[] others = [.. Enumerable.Range(Books, WarmUpBooks).Select(Shelf.Key)];
        // What is made once is there before the books are.
        await ReadAsync(far.Cache, others);
        await SettleAsync(far.Cache, others);
        var (home, other) = (await cluster.HeapAsync(Home), await cluster.HeapAsync(Other));
        await ReadAsync(far.Cache, keys);
        await SettleAsync(far.Cache, others);
        var (homeAfter, otherAfter) = (await cluster.HeapAsync(Home), await cluster.HeapAsync(Other));
        var copies = (await far.Operations.GetStatisticsAsync(HeapSilo.Regions[Other])).Sum(silo => silo.Copies);
        if (copies < Books)
            throw new InvalidOperationException($"The silo holds {copies} copies.");

        var table = new FigureTable();
        table.Add($"a book in its region's silo, {Books:N0} books of {Shelf.PayloadBytes} bytes", "at most 3,000 B", $"{PerBook(other, otherAfter):N0} B");
        table.Add("a leased book in its owner's silo, whatever grew there", "at most 200 B", $"{PerBook(home, homeAfter):N0} B");
        table.Add("of it the grant (a table of grants by itself)", "", $"{Grants():N0} B");
        await NearAsync(cluster, table, keys, others, otherAfter);
        table.Print();
    }

    private static async Task NearAsync(HeapCluster cluster, FigureTable table, string[] keys, string[] others, long silo)
    {
        await using var near = await cluster.ConnectAsync(nearBytes: 2_000_000_000);
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
        table.Add("a book in a near cache, as it came", "at most 1,000 B", $"{PerBook(before, raw):N0} B");
        table.Add("the same, when its `Book` has been asked for", "", $"{PerBook(before, decoded):N0} B");
        table.Add("a book in its silo, more for a client's lease on it", "", $"{PerBook(silo, await cluster.HeapAsync(Other)):N0} B");
    }

    /// <summary>Looks books up.</summary>
    /// <returns>How many were answered by the near cache.</returns>
    private static async Task<int> ReadAsync(IBookCache cache, string[] keys)
    {
        var near = 0;
        foreach (var some in keys.Chunk(BooksPerLookup))
        {
            foreach (var result in await cache.GetManyAsync(some, new GetOptions { Region = HeapSilo.Regions[Other] }))
            {
                near += result.Tier is Tier.Near ? 1 : 0;
                if (!result.Found || result.Flags is not LookupFlags.None)
                    throw new InvalidOperationException($"{result.Key} was answered with {result.Flags}.");
            }
        }

        return near;
    }

    /// <summary>Waits until what is only remembered for a moment may be forgotten, and has it forgotten: that is done when more comes.</summary>
    private static async Task SettleAsync(IBookCache cache, string[] others)
    {
        await Task.Delay(Settling);
        await cache.GetAsync(others[0], new GetOptions { Region = HeapSilo.Regions[Other], Fresh = true });
    }

    private static double Grants()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var grants = new GrantTable(1_000_000);
        for (var i = 0; i < Books; i++)
            grants.TryGrant(Shelf.Key(i), RowVersion.None, 1, 10_000, 0);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(grants);
        return PerBook(before, after);
    }

    private static double PerBook(long before, long after) => (after - before) / (double)Books;
}
