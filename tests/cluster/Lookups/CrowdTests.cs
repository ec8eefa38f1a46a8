using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Lookups;

[Collection(StoppedClusterCollection.Name)]
public sealed class CrowdTests(StoppedCluster cluster)
{
    [Fact]
    public async Task Ten_thousand_first_lookups_of_a_book_from_all_regions_cause_one_catalog_read_and_one_Redis_read_per_region()
    {
        await cluster.WriteAsync("crowd::one", "Wanted by all");
        var before = cluster.Silos.ToDictionary(silo => silo.Region, silo => silo.Counters.NodeReads);
        Task<LookupAnswer>[] lookups;
        using (cluster.SiloOf(cluster.Home).Catalog.Hold())
        {
            lookups = [.. Enumerable.Range(0, 10_000).Select(i => cluster.LookupAsync(cluster.Regions[i % 3], "crowd::one"))];
            await Eventually.IsTrueAsync(() => cluster.SiloOf(cluster.Home).Catalog.Waiting == 1, "the catalog is asked");
        }

        var answers = await Task.WhenAll(lookups);

        Assert.All(answers, answer => Assert.Equal("Wanted by all", CacheCluster.TitleOf(answer)));
        Assert.Equal(1, cluster.CatalogReadsOf("crowd::one"));
        Assert.All(cluster.Silos, silo => Assert.Equal(1, silo.Counters.NodeReads - before[silo.Region]));
    }

    [Fact]
    public async Task A_thousand_lookups_of_a_book_that_does_not_exist_cause_one_catalog_read()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 1_000).Select(i => cluster.LookupAsync(cluster.Regions[i % 3], "crowd::none")));

        Assert.All(answers, answer => Assert.False(answer.Row.Exists));
        Assert.Equal(1, cluster.CatalogReadsOf("crowd::none"));
    }

    [Fact]
    public async Task Many_books_that_are_asked_for_at_once_share_catalog_queries()
    {
        var keys = Enumerable.Range(0, 300).Select(i => $"crowd::batch {i}").ToArray();
        await cluster.WriteAsync(keys);
        var home = cluster.SiloOf(cluster.Home);
        var queries = home.Catalog.Queries;
        Task<LookupAnswer>[] lookups;
        using (home.Catalog.Hold())
        {
            lookups = [.. keys.Select(key => cluster.LookupAsync("asia", key))];
            await Eventually.IsTrueAsync(
                () => home.Catalog.Waiting == 1 && home.Reader.Waiting + ReadsOf(keys) == keys.Length,
                "one query is under way, and all other books wait for the next");
        }

        var answers = await Task.WhenAll(lookups);

        Assert.Equal(keys, answers.Select(answer => answer.Row.Key));
        Assert.All(keys, key => Assert.Equal(1, cluster.CatalogReadsOf(key)));
        Assert.Equal(2, home.Catalog.Queries - queries);
    }

    [Fact]
    public async Task A_caller_that_cancels_does_not_fail_the_others()
    {
        await cluster.WriteAsync("crowd::impatient");
        using var impatient = new CancellationTokenSource();
        Task<LookupAnswer> first;
        Task<LookupAnswer> second;
        using (cluster.SiloOf(cluster.Home).Catalog.Hold())
        {
            first = cluster.LookupAsync("asia", "crowd::impatient", cancellation: impatient.Token);
            await Eventually.IsTrueAsync(() => cluster.SiloOf(cluster.Home).Catalog.Waiting == 1, "the catalog is asked");
            second = cluster.LookupAsync("asia", "crowd::impatient");
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
            Assert.False(second.IsCompleted);
        }

        Assert.True((await second).Row.Exists);
        Assert.Equal(1, cluster.CatalogReadsOf("crowd::impatient"));
    }

    private int ReadsOf(string[] keys) => keys.Sum(cluster.CatalogReadsOf);
}
