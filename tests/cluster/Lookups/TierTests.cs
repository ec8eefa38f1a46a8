using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Lookups;

[Collection(StoppedClusterCollection.Name)]
public sealed class TierTests(StoppedCluster cluster)
{
    [Fact]
    public async Task The_first_lookup_is_answered_by_the_catalog_and_the_next_from_memory()
    {
        await cluster.WriteAsync("tier::first", "The first");

        var cold = await cluster.LookupAsync("europe", "tier::first");
        var warm = await cluster.LookupAsync("europe", "tier::first");

        Assert.Equal((Tier.Catalog, Tier.Silo), (cold.Tier, warm.Tier));
        Assert.All([cold, warm], answer => Assert.Equal("The first", CacheCluster.TitleOf(answer)));
        Assert.All(
            [cold, warm],
            answer => Assert.Equal(("europe", "europe-1", LookupFlags.None), (answer.Region, answer.Node, answer.Flags)));
        Assert.Equal(cold.Row.Identity, warm.Row.Identity);
        Assert.Equal(cold.TimeToLive, warm.TimeToLive);
        Assert.Equal(1, cluster.CatalogReadsOf("tier::first"));
    }

    [Fact]
    public async Task A_region_that_asks_soon_after_another_is_answered_by_the_owner()
    {
        await cluster.WriteAsync("tier::owner");
        await cluster.LookupAsync("europe", "tier::owner");
        cluster.Advance(TimeSpan.FromMilliseconds(1_500));

        var answer = await cluster.LookupAsync("asia", "tier::owner");

        Assert.Equal((Tier.Owner, "asia", "asia-1"), (answer.Tier, answer.Region, answer.Node));
        Assert.Equal(TimeSpan.FromMilliseconds(1_500), answer.Age);
        Assert.InRange(answer.TimeToLive, TimeSpan.FromMinutes(9) - answer.Age, TimeSpan.FromMinutes(10) - answer.Age);
        Assert.Equal(1, cluster.CatalogReadsOf("tier::owner"));
        Assert.Equal(TimeSpan.FromMilliseconds(1_500), (await cluster.LookupAsync("asia", "tier::owner")).Age);
    }

    [Fact]
    public async Task A_region_that_asks_later_is_answered_by_the_catalog()
    {
        await cluster.WriteAsync("tier::later");
        await cluster.LookupAsync("europe", "tier::later");
        await cluster.RedisHoldsAsync("europe", "tier::later");
        cluster.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(Tier.Catalog, (await cluster.LookupAsync("asia", "tier::later")).Tier);
        Assert.Equal(2, cluster.CatalogReadsOf("tier::later"));
    }

    [Fact]
    public async Task When_the_entry_has_left_memory_the_Redis_of_the_region_answers()
    {
        await cluster.WriteAsync("tier::redis", "From Redis");
        var first = await cluster.LookupAsync("asia", "tier::redis");
        await cluster.RedisHoldsAsync("asia", "tier::redis");
        cluster.SiloOf("asia").Entries.Drop(["tier::redis"]);

        var second = await cluster.LookupAsync("asia", "tier::redis");
        var third = await cluster.LookupAsync("asia", "tier::redis");

        Assert.Equal((Tier.Redis, Tier.Silo), (second.Tier, third.Tier));
        Assert.Equal("From Redis", CacheCluster.TitleOf(second));
        Assert.Equal(first.Row.Identity, second.Row.Identity);
        Assert.Equal(1, cluster.CatalogReadsOf("tier::redis"));
    }

    [Fact]
    public async Task An_entry_from_Redis_lives_for_its_remaining_time_to_live_there()
    {
        await cluster.WriteAsync("tier::rest");
        await cluster.LookupAsync("asia", "tier::rest");
        await cluster.RedisHoldsAsync("asia", "tier::rest");
        var entry = await cluster.ReadRedisAsync("asia", "tier::rest");
        await cluster.PutIntoRedisAsync("asia", "tier::rest", entry!.Value, TimeSpan.FromSeconds(90));
        cluster.SiloOf("asia").Entries.Drop(["tier::rest"]);

        var answer = await cluster.LookupAsync("asia", "tier::rest");

        Assert.Equal(Tier.Redis, answer.Tier);
        Assert.InRange(answer.TimeToLive, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(90));
        Assert.Equal(answer.TimeToLive, (await cluster.LookupAsync("asia", "tier::rest")).TimeToLive);
        cluster.SiloOf("asia").Clock.Advance(answer.TimeToLive);
        Assert.NotEqual(Tier.Silo, (await cluster.LookupAsync("asia", "tier::rest")).Tier);
    }

    [Fact]
    public async Task Each_lookup_is_counted_by_its_tier()
    {
        await cluster.WriteAsync("tier::counted");
        var before = await cluster.StatisticsAsync("northamerica.1");

        await cluster.LookupAsync("europe", "tier::counted");
        await cluster.LookupAsync("northamerica", "tier::counted");
        await cluster.LookupAsync("northamerica", "tier::counted");
        await cluster.LookupAsync("northamerica", "tier::counted", fresh: true);
        await cluster.RedisHoldsAsync("northamerica", "tier::counted");
        cluster.SiloOf("northamerica").Entries.Drop(["tier::counted"]);
        await cluster.LookupAsync("northamerica", "tier::counted");

        var after = await cluster.StatisticsAsync("northamerica.1");
        Assert.Equal(
            (1, 1, 1, 1, 2),
            (after.OwnerHits - before.OwnerHits,
                after.GrainHits - before.GrainHits,
                after.CatalogHits - before.CatalogHits,
                after.RedisHits - before.RedisHits,
                after.NodeReads - before.NodeReads));
        Assert.Equal(("northamerica", "northamerica.1", 1_048_576), (after.Region, after.Silo, after.BudgetBytes));
    }
}
