using OrleansCache.Redis;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Lookups;

/// <summary>What the setting <c>Coherence: Ttl</c> means: nobody asks an owner whether a copy may be used, and an edit revokes the copies that it can reach.</summary>
public sealed class TtlCoherenceTests(TtlCluster cluster) : IClassFixture<TtlCluster>
{
    [Fact]
    public async Task What_the_Redis_of_the_region_holds_is_answered_without_the_owner()
    {
        // The catalog does not know this one, so whoever asked the owner would be told so.
        var copy = new CachedRow("ttl::redis", new(7, Guid.NewGuid()), BookPayload.Encode(new Book("Only in Redis")));
        await cluster.PutIntoRedisAsync("asia", copy.Key, Envelope.Pack(copy), TimeSpan.FromSeconds(90));

        var answer = await cluster.LookupAsync("asia", copy.Key);

        Assert.Equal((Tier.Redis, LookupFlags.None, "Only in Redis"), (answer.Tier, answer.Flags, CacheCluster.TitleOf(answer)));
        Assert.InRange(answer.TimeToLive, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(90));
        Assert.Equal(Tier.Silo, (await cluster.LookupAsync("asia", copy.Key)).Tier);
        Assert.Equal(0, cluster.CatalogReadsOf(copy.Key));
    }

    [Fact]
    public async Task A_copy_is_used_until_its_time_ends_whatever_was_written_past_the_cache()
    {
        const string key = "ttl::life";
        await cluster.WriteAsync(key, "Old");
        var life = (await cluster.LookupAsync("asia", key)).TimeToLive;
        await cluster.RedisHoldsAsync("asia", key);
        await cluster.WriteAsync(key, "New");

        // Far longer than any lease.
        cluster.Advance(life - TimeSpan.FromMilliseconds(1));
        var last = await cluster.LookupAsync("asia", key);
        Assert.Equal((Tier.Silo, LookupFlags.None, "Old"), (last.Tier, last.Flags, CacheCluster.TitleOf(last)));
        Assert.Equal(1, cluster.CatalogReadsOf(key));

        // Redis goes by a clock of its own, which nobody has advanced.
        await cluster.PutIntoRedisAsync("asia", key, null, TimeSpan.Zero);
        cluster.Advance(TimeSpan.FromMilliseconds(1));
        var next = await cluster.LookupAsync("asia", key);
        Assert.Equal((Tier.Catalog, LookupFlags.None, "New"), (next.Tier, next.Flags, CacheCluster.TitleOf(next)));
    }

    [Fact]
    public async Task An_edit_revokes_the_copies_and_the_absences_of_every_region()
    {
        const string key = "ttl::edited";
        foreach (var region in cluster.Regions)
            Assert.False((await cluster.LookupAsync(region, key)).Row.Exists);

        Assert.Equal(EditOutcome.Created, await cluster.StoreAsync(key, "First edition"));
        foreach (var region in cluster.Regions)
        {
            Assert.Equal("First edition", CacheCluster.TitleOf(await cluster.LookupAsync(region, key)));
            await cluster.RedisHoldsAsync(region, key);
        }

        Assert.Equal(EditOutcome.Updated, await cluster.StoreAsync(key, "Second edition"));
        foreach (var region in cluster.Regions)
        {
            Assert.Null(await cluster.ReadRedisAsync(region, key));
            Assert.Equal("Second edition", CacheCluster.TitleOf(await cluster.LookupAsync(region, key)));
        }
    }

    [Fact]
    public async Task A_load_that_was_under_way_while_the_book_was_edited_is_not_kept()
    {
        const string key = "ttl::race";
        await cluster.WriteAsync(key, "Old");
        var home = cluster.SiloOf(cluster.Home);
        Task<LookupAnswer> lookup;
        using (home.Catalog.HoldReadAnswer())
        {
            lookup = cluster.LookupAsync("asia", key);
            await Eventually.IsTrueAsync(() => home.Catalog.Waiting == 1, "the old row has been read");
            Assert.Equal(EditOutcome.Updated, await cluster.StoreAsync(key, "New"));
        }

        Assert.Equal("New", CacheCluster.TitleOf(await lookup));
        await Eventually.IsTrueAsync(async () => await cluster.VersionInRedisAsync("asia", key) == 2, "the Redis of asia has the new edition");
    }

    [Fact]
    public async Task An_edit_does_not_wait_for_a_silo_that_cannot_be_reached()
    {
        await using var two = await CacheCluster.StartAsync(TtlCluster.WithoutLeases);
        const string key = "ttl::lost";
        await two.StoreAsync(key, "Old");
        foreach (var region in two.Regions)
            await two.LookupAsync(region, key);

        await two.Cluster.KillSiloAsync(two.SiloOf("asia").Handle);

        // No time passes, so a wait for the end of a lease would not end.
        Assert.Equal(EditOutcome.Updated, await two.StoreAsync(key, "New"));
        Assert.Equal("New", CacheCluster.TitleOf(await two.LookupAsync("europe", key)));
    }
}
