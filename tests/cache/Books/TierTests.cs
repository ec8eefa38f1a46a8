using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Books;

public sealed class TierTests(CacheCluster cluster) : IClassFixture<CacheCluster>
{
    [Fact]
    public async Task The_first_lookup_of_the_home_region_is_answered_by_the_catalog_and_the_next_from_memory()
    {
        await cluster.WriteAsync("tier::first", "The first");

        var cold = await cluster.LookupAsync("europe", "tier::first");
        var warm = await cluster.LookupAsync("europe", "tier::first");

        Assert.Equal(Tier.Catalog, cold.Tier);
        Assert.Equal(Tier.Grain, warm.Tier);
        Assert.All([cold, warm], answer => Assert.Equal("The first", CacheCluster.TitleOf(answer)));
        Assert.All([cold, warm], answer => Assert.Equal(("europe", "europe-1", LookupFlags.None), (answer.Region, answer.Node, answer.Flags)));
        Assert.Equal(cold.Copy!.Identity, warm.Copy!.Identity);
        Assert.Equal(1, cluster.CatalogReadsOf("tier::first"));
    }
}
