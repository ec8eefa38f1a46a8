using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Lookups;

[Collection(StoppedClusterCollection.Name)]
public sealed class StoreTests(StoppedCluster cluster)
{
    [Fact]
    public async Task A_new_book_is_found_at_once_in_every_region_that_remembered_its_absence()
    {
        foreach (var region in cluster.Regions)
            Assert.False((await cluster.LookupAsync(region, "store::new")).Row.Exists);

        Assert.Equal(EditOutcome.Created, await cluster.StoreAsync("store::new", "Just written"));

        foreach (var region in cluster.Regions)
            Assert.Equal("Just written", CacheCluster.TitleOf(await cluster.LookupAsync(region, "store::new")));
    }

    [Fact]
    public async Task A_changed_book_is_seen_in_every_region_and_no_Redis_goes_back_to_the_old_one()
    {
        await cluster.StoreAsync("store::changed", "First edition");
        await WarmAsync("store::changed");

        Assert.Equal(EditOutcome.Updated, await cluster.StoreAsync("store::changed", "Second edition"));

        foreach (var region in cluster.Regions)
        {
            var answer = await cluster.LookupAsync(region, "store::changed");
            Assert.Equal(("Second edition", 2), (CacheCluster.TitleOf(answer), answer.Row.Identity.Version));
            await Eventually.IsTrueAsync(
                async () => await cluster.VersionInRedisAsync(region, "store::changed") == 2,
                $"the Redis of {region} has the second edition");
        }
    }

    [Fact]
    public async Task The_same_book_again_changes_nothing_and_revokes_nothing()
    {
        await cluster.StoreAsync("store::same", "The only edition");
        await WarmAsync("store::same");

        Assert.Equal(EditOutcome.Unchanged, await cluster.StoreAsync("store::same", "The only edition"));

        foreach (var region in cluster.Regions)
        {
            Assert.Equal(Tier.Silo, (await cluster.LookupAsync(region, "store::same")).Tier);
            Assert.NotNull(await cluster.ReadRedisAsync(region, "store::same"));
        }
    }

    [Fact]
    public async Task Each_book_of_a_batch_has_its_outcome_and_only_the_changed_ones_are_revoked()
    {
        var keys = CacheCluster.KeysOfOneSlot("store::batch ", 3);
        await cluster.StoreAsync(keys[0], "Unchanged");
        await cluster.StoreAsync(keys[1], "Old");
        await WarmAsync(keys[0]);
        await WarmAsync(keys[1]);

        var outcomes = await cluster.OwnerOf(keys[0]).StoreAsync(
            [CacheCluster.Write(keys[0], "Unchanged"), CacheCluster.Write(keys[1], "New"), CacheCluster.Write(keys[2], "Created")],
            CancellationToken.None);

        Assert.Equal([EditOutcome.Unchanged, EditOutcome.Updated, EditOutcome.Created], outcomes);
        Assert.Equal(Tier.Silo, (await cluster.LookupAsync("asia", keys[0])).Tier);
        Assert.Equal("New", CacheCluster.TitleOf(await cluster.LookupAsync("asia", keys[1])));
    }

    [Fact]
    public async Task A_load_that_was_under_way_while_the_book_changed_is_not_kept()
    {
        await cluster.WriteAsync("store::race", "Old");
        var home = cluster.SiloOf(cluster.Home);
        Task<LookupAnswer> lookup;
        using (home.Catalog.HoldReadAnswer())
        {
            lookup = cluster.LookupAsync("asia", "store::race");
            await Eventually.IsTrueAsync(() => home.Catalog.Waiting == 1, "the old row has been read");
            Assert.Equal(EditOutcome.Updated, await cluster.StoreAsync("store::race", "New"));
        }

        // A row that was read before the edit must not be answered after it.
        Assert.Equal("New", CacheCluster.TitleOf(await lookup));
        foreach (var region in cluster.Regions)
            Assert.Equal("New", CacheCluster.TitleOf(await cluster.LookupAsync(region, "store::race")));
    }

    [Fact]
    public async Task A_store_does_not_affect_loads_of_other_books_of_its_slot()
    {
        var keys = CacheCluster.KeysOfOneSlot("store::beside ", 2);
        await cluster.WriteAsync(keys);
        var home = cluster.SiloOf(cluster.Home);
        Task<LookupAnswer> lookup;
        using (home.Catalog.HoldReadAnswer())
        {
            lookup = cluster.LookupAsync("asia", keys[1]);
            await Eventually.IsTrueAsync(() => home.Catalog.Waiting == 1, "the row has been read");
            await cluster.StoreAsync(keys[0], "Another edition");
        }

        await lookup;
        Assert.Equal(Tier.Owner, (await cluster.LookupAsync("europe", keys[1])).Tier);
        Assert.Equal(1, cluster.CatalogReadsOf(keys[1]));
    }

    [Fact]
    public async Task Leases_are_revoked_for_a_store_even_if_its_caller_cancels_after_the_commit()
    {
        await cluster.StoreAsync("store::given up", "Old");
        await WarmAsync("store::given up");
        var home = cluster.SiloOf(cluster.Home);
        using var impatient = new CancellationTokenSource();
        using (home.Catalog.HoldWriteAnswers())
        {
            var store = cluster.OwnerOf("store::given up").StoreAsync([CacheCluster.Write("store::given up", "New")], impatient.Token);
            await Eventually.IsTrueAsync(() => home.Catalog.Waiting == 1, "it is stored");
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store);
        }

        foreach (var region in cluster.Regions)
        {
            await Eventually.IsTrueAsync(
                async () => CacheCluster.TitleOf(await cluster.LookupAsync(region, "store::given up")) == "New",
                $"{region} has the new edition");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_store_whose_outcome_is_unknown_revokes_leases_and_may_be_repeated(bool told)
    {
        var key = $"store::lost {told}";
        await cluster.StoreAsync(key, "Old");
        await WarmAsync(key);
        Exception lost = told ? new OutcomeUnknownException("safe to repeat") : new IOException("the cable is out");
        using (cluster.SiloOf(cluster.Home).Catalog.LoseWriteAnswers(lost))
        {
            var error = await Assert.ThrowsAsync<OutcomeUnknownException>(() => cluster.StoreAsync(key, "New"));
            Assert.Contains("safe", error.Message, StringComparison.Ordinal);
        }

        foreach (var region in cluster.Regions)
            Assert.Equal("New", CacheCluster.TitleOf(await cluster.LookupAsync(region, key)));
        Assert.Equal(EditOutcome.Unchanged, await cluster.StoreAsync(key, "New"));
    }

    [Fact]
    public async Task When_the_catalog_refuses_a_store_the_error_says_so_and_the_entries_stay()
    {
        await cluster.StoreAsync("store::refused", "Old");
        await WarmAsync("store::refused");
        using (cluster.SiloOf(cluster.Home).Catalog.Refuse("the disk is full"))
        {
            var error = await Assert.ThrowsAsync<CatalogUnavailableException>(() => cluster.StoreAsync("store::refused", "New"));
            Assert.Contains("the disk is full", error.Message, StringComparison.Ordinal);
        }

        foreach (var region in cluster.Regions)
        {
            Assert.Equal("Old", CacheCluster.TitleOf(await cluster.LookupAsync(region, "store::refused")));
            Assert.Equal(Tier.Silo, (await cluster.LookupAsync(region, "store::refused")).Tier);
        }
    }

    private async Task WarmAsync(string key)
    {
        foreach (var region in cluster.Regions)
        {
            await cluster.LookupAsync(region, key);
            await cluster.RedisHoldsAsync(region, key);
        }
    }
}
