using OrleansCache.Redis;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Lookups;

[Collection(StoppedClusterCollection.Name)]
public sealed class FreshTests(StoppedCluster cluster)
{
    [Fact]
    public async Task A_fresh_lookup_reads_the_catalog_and_replaces_the_entries_on_its_way()
    {
        await cluster.WriteAsync("fresh::changed", "First");
        await cluster.LookupAsync("asia", "fresh::changed");
        await cluster.RedisHoldsAsync("asia", "fresh::changed");
        await cluster.WriteAsync("fresh::changed", "Second");
        Assert.Equal("First", CacheCluster.TitleOf(await cluster.LookupAsync("asia", "fresh::changed")));

        var fresh = await cluster.LookupAsync("asia", "fresh::changed", fresh: true);
        var next = await cluster.LookupAsync("asia", "fresh::changed");

        Assert.Equal(("Second", Tier.Catalog), (CacheCluster.TitleOf(fresh), fresh.Tier));
        Assert.Equal(("Second", Tier.Silo), (CacheCluster.TitleOf(next), next.Tier));
        await RedisHoldsVersionAsync("fresh::changed", 2);
    }

    [Fact]
    public async Task A_fresh_lookup_is_not_answered_by_a_read_that_began_before_it()
    {
        await cluster.WriteAsync("fresh::begins", "First");
        var home = cluster.SiloOf(cluster.Home);
        Task<LookupAnswer> ordinary;
        Task<LookupAnswer> fresh;
        using (home.Catalog.HoldReadAnswer())
        {
            ordinary = cluster.LookupAsync("asia", "fresh::begins");
            await Eventually.IsTrueAsync(() => home.Catalog.Waiting == 1, "the first row has been read");
            await cluster.WriteAsync("fresh::begins", "Second");
            fresh = cluster.LookupAsync("asia", "fresh::begins", fresh: true);
        }

        // The row of the ordinary lookup is revoked when the fresh lookup finds a newer one.
        Assert.Contains(CacheCluster.TitleOf(await ordinary), new[] { "First", "Second" });
        Assert.Equal("Second", CacheCluster.TitleOf(await fresh));
        Assert.Equal("Second", CacheCluster.TitleOf(await cluster.LookupAsync("asia", "fresh::begins")));
    }

    [Fact]
    public async Task After_a_restore_from_a_backup_the_catalog_wins_over_a_higher_version_in_Redis()
    {
        await cluster.WriteAsync("fresh::restored", "From the backup");
        var later = new CachedRow("fresh::restored", new(9, Guid.NewGuid()), BookPayload.Encode(new Book("From before the restore")));
        await cluster.PutIntoRedisAsync("asia", "fresh::restored", cluster.EnvelopeOf("asia").Pack(later), TimeSpan.FromMinutes(5));
        // The row in Redis is advisory: the owner replies that the catalog has another one.
        Assert.Equal((Tier.Catalog, 1), await TierAndVersionAsync(fresh: false));

        await RedisHoldsVersionAsync("fresh::restored", 1);

        async Task<(Tier, long)> TierAndVersionAsync(bool fresh)
        {
            var answer = await cluster.LookupAsync("asia", "fresh::restored", fresh);
            return (answer.Tier, answer.Row.Identity.Version);
        }
    }

    [Fact]
    public async Task A_book_that_was_deleted_from_the_catalog_is_absent_in_a_fresh_lookup()
    {
        var row = new CachedRow("fresh::gone", new(3, Guid.NewGuid()), BookPayload.Encode(new Book("Gone")));
        await cluster.PutIntoRedisAsync("asia", "fresh::gone", cluster.EnvelopeOf("asia").Pack(row), TimeSpan.FromMinutes(5));

        Assert.False((await cluster.LookupAsync("asia", "fresh::gone")).Row.Exists);
    }

    [Fact]
    public async Task A_removal_is_written_to_Redis_and_lives_there_as_long_as_an_absence()
    {
        await cluster.WriteAsync("fresh::removed");
        var row = Assert.Single(await cluster.Catalog.ReadAsync(["fresh::removed"], CancellationToken.None));
        await cluster.Catalog.WriteAsync([new(Guid.NewGuid(), "fresh::removed", null, row.Identity)], null, CancellationToken.None);

        var first = await cluster.LookupAsync("asia", "fresh::removed");
        await RedisHoldsVersionAsync("fresh::removed", 2);
        var second = await cluster.LookupAsync("asia", "fresh::removed", rank: 2);

        Assert.Equal((Tier.Catalog, Tier.Redis), (first.Tier, second.Tier));
        Assert.All([first, second], answer =>
        {
            Assert.Equal((false, 2), (answer.Row.Exists, answer.Row.Identity.Version));
            Assert.InRange(answer.TimeToLive, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        });
    }

    private Task RedisHoldsVersionAsync(string key, long version) => Eventually.IsTrueAsync(
        async () => await cluster.ReadRedisAsync("asia", key) is { } entry
            && cluster.EnvelopeOf("asia").Unpack(key, entry.Value)!.Identity.Version == version,
        $"Redis has version {version} of {key}");
}
