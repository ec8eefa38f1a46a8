using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Topology;

/// <summary>A third region joins a cluster of two that never stops.</summary>
public sealed class AddedRegionTests
{
    private static readonly string[] Old = ["europe", "asia"];
    private static readonly string[] New = [.. Old, "northamerica"];

    [Fact]
    public async Task Silos_are_restarted_one_by_one_with_the_new_list_and_then_the_region_starts()
    {
        await using var cluster = await CacheCluster.StartAsync(Shape(["europe.1", "asia.1", "europe.2", "asia.2", "northamerica.1"]));
        await EditIsSeenAsync(cluster, "two regions", Old);

        await cluster.StartSiloAsync();
        await EditIsSeenAsync(cluster, "europe.2 knows the new list", Old);
        await cluster.StopSiloAsync("europe.1");
        await EditIsSeenAsync(cluster, "europe.1 does not run any more", Old);
        await cluster.StartSiloAsync();
        await cluster.StopSiloAsync("asia.1");
        await EditIsSeenAsync(cluster, "all silos know the new list", Old);
        await cluster.StartSiloAsync();

        await EditIsSeenAsync(cluster, "three regions", New);
        await EditIsSeenAsync(cluster, "leases in three regions were revoked", New);
        var grains = cluster.Silo("europe.2").Grains;
        Assert.Equal("northamerica-1", Assert.Single((await Router("northamerica").GetRingAsync()).Nodes).Name);
        var statistics = Assert.Single(await Router("europe").GetStatisticsAsync());
        Assert.Equal(New, statistics.RoundTrips.Select(region => region.Region));

        IRegionRouterGrain Router(string region) => grains.GetGrain<IRegionRouterGrain>(region);
    }

    [Fact]
    public async Task A_region_whose_silos_start_too_early_is_coherent_all_the_same()
    {
        await using var cluster = await CacheCluster.StartAsync(Shape(["europe.1", "asia.1", "northamerica.1"]));
        await EditIsSeenAsync(cluster, "two regions", Old);

        await cluster.StartSiloAsync();

        await EditIsSeenAsync(cluster, "three regions", New);
        await EditIsSeenAsync(cluster, "leases in three regions were revoked", New);
        Assert.Equal(Old, (await cluster.StatisticsAsync("europe.1")).RoundTrips.Select(region => region.Region));
    }

    /// <summary>Stores a book, which each of the regions has in memory afterwards.</summary>
    private static async Task EditIsSeenAsync(CacheCluster cluster, string title, string[] regions)
    {
        const string Key = "added region::book";
        // The owner may be on its way to another silo; an application tries again.
        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    return await cluster.StoreAsync(Key, title) is EditOutcome.Created or EditOutcome.Updated or EditOutcome.Unchanged;
                }
                catch (Exception error) when (error is SiloUnavailableException or OrleansMessageRejectionException)
                {
                    return false;
                }
            },
            $"the owner stores \"{title}\"");
        foreach (var region in regions)
        {
            var loaded = await LookUpAsync(cluster, region, Key);
            Assert.Equal((title, LookupFlags.None), (CacheCluster.TitleOf(loaded), loaded.Flags));
            var again = await LookUpAsync(cluster, region, Key);
            Assert.Equal((title, Tier.Silo), (CacheCluster.TitleOf(again), again.Tier));
        }
    }

    /// <summary>Asks through a silo of the region, because the client of the test cluster may still use one that has stopped.</summary>
    private static async Task<LookupAnswer> LookUpAsync(CacheCluster cluster, string region, string key)
    {
        var silo = cluster.Silos.First(silo => silo.Region == region);
        var book = silo.Grains.GetGrain<IBookGrain>(new BookGrainKey(region, 1, key).ToString());
        return (await book.LookupAsync(new(), CancellationToken.None))!;
    }

    private static ClusterShape Shape(string[] silos) => new()
    {
        Regions = New,
        Silos = silos,
        SilosAtFirst = 2,
        RegionsKnownTo = silo => silo < 2 ? Old : New,
        Settings = new Dictionary<string, string>
        {
            // On a slow machine an owner must not be taken for unreachable.
            ["OwnerBudget"] = "00:00:20",
            ["OwnerPatience"] = "00:00:20",
        },
    };
}
