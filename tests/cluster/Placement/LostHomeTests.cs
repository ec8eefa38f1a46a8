using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Placement;

public sealed class LostHomeTests
{
    [Fact]
    public async Task When_the_home_region_is_lost_lookups_go_on_elsewhere_and_the_owners_move_to_the_next_region()
    {
        await using var cluster = await CacheCluster.StartAsync(new ClusterShape
        {
            Regions = ["asia", "europe"],
            Silos = ["asia.1", "europe.1"],
            Redis = false,
        });
        await cluster.WriteAsync("home::before");
        await Eventually.IsTrueAsync(
            async () => (await cluster.LookupAsync("europe", "home::before")).Tier is Tier.Silo, "the book is in memory");
        Assert.NotEqual(0, cluster.Silo("asia.1").Catalog.ReadsOf("home::before"));

        await cluster.KillSiloAsync("asia.1");

        // Until the loss of the home region is detected, lookups are answered without an owner.
        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    return (await cluster.LookupAsync("europe", "home::before")).Tier is Tier.Silo;
                }
                catch (SiloUnavailableException)
                {
                    // The test's client may be connected to the silo that was killed.
                    return false;
                }
            },
            "europe answers from its own memory");
        var key = "home::after 0";
        await Eventually.IsTrueAsync(
            async () =>
            {
                key = $"home::after {Guid.NewGuid()}";
                await cluster.WriteAsync(key, "Still there");
                var answer = await cluster.LookupAsync("europe", key);
                Assert.Equal("Still there", CacheCluster.TitleOf(answer));
                return answer.Flags is LookupFlags.None;
            },
            "the owners live in europe");
        Assert.Equal(1, cluster.Silo("europe.1").Catalog.ReadsOf(key));
        Assert.Equal(EditOutcome.Updated, await cluster.StoreAsync(key, "Changed"));
        Assert.Equal("Changed", CacheCluster.TitleOf(await cluster.LookupAsync("europe", key)));
        var error = await Assert.ThrowsAnyAsync<Exception>(() => cluster.LookupAsync("asia", key));
        Assert.Contains("\"asia\" has no silo now", error.Message, StringComparison.Ordinal);
    }
}
