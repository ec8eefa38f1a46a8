using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Lookups;

[Collection(StoppedClusterCollection.Name)]
public sealed class OutageTests(StoppedCluster cluster)
{
    [Fact]
    public async Task Without_the_catalog_books_in_memory_and_in_Redis_are_answered()
    {
        await cluster.WriteAsync("outage::memory");
        await cluster.WriteAsync("outage::redis");
        await cluster.LookupAsync("asia", "outage::memory");
        await cluster.LookupAsync("asia", "outage::redis");
        await cluster.RedisHoldsAsync("asia", "outage::redis");
        cluster.SiloOf("asia").Entries.Drop(["outage::redis"]);

        using var down = RefuseEverywhere("the cable is out");

        Assert.Equal((Tier.Silo, LookupFlags.None), TierAndFlags(await cluster.LookupAsync("asia", "outage::memory")));
        Assert.Equal((Tier.Redis, LookupFlags.None), TierAndFlags(await cluster.LookupAsync("asia", "outage::redis")));
    }

    [Fact]
    public async Task Without_the_catalog_an_unknown_book_fails_with_its_slot_and_the_cause_and_nothing_is_remembered()
    {
        await cluster.WriteAsync("outage::unknown", "There all the time");
        var asia = cluster.SiloOf("asia");
        var before = asia.Entries.Statistics();
        using (RefuseEverywhere("the cable is out"))
        {
            var error = await Assert.ThrowsAsync<LookupFailedException>(() => cluster.LookupAsync("asia", "outage::unknown"));
            Assert.Contains("\"outage::unknown\"", error.Message, StringComparison.Ordinal);
            Assert.Contains($"slot {CacheCluster.SlotOf("outage::unknown")} ", error.Message, StringComparison.Ordinal);
            Assert.Contains("the cable is out", error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<LookupFailedException>(() => cluster.LookupAsync("asia", "outage::unknown"));
        }

        Assert.Equal((before.Copies, before.Absences), (asia.Entries.Statistics().Copies, asia.Entries.Statistics().Absences));
        Assert.Equal("There all the time", CacheCluster.TitleOf(await cluster.LookupAsync("asia", "outage::unknown")));
    }

    [Fact]
    public async Task A_thousand_lookups_of_an_unknown_book_fail_alike_without_the_catalog()
    {
        using var down = RefuseEverywhere("the cable is out");

        var lookups = Enumerable.Range(0, 1_000).Select(_ => cluster.LookupAsync("asia", "outage::crowd")).ToArray();

        foreach (var lookup in lookups)
            await Assert.ThrowsAsync<LookupFailedException>(() => lookup);
    }

    [Fact]
    public async Task When_the_owner_does_not_answer_in_time_the_catalog_is_read_without_it_and_the_answer_is_flagged_and_not_kept()
    {
        await cluster.WriteAsync("outage::owner");
        var home = cluster.SiloOf(cluster.Home);
        using (home.Catalog.Hold())
        {
            var lookup = cluster.LookupAsync("asia", "outage::owner");
            await Eventually.IsTrueAsync(() => home.Catalog.Waiting == 1, "the owner asks the catalog");
            cluster.SiloOf("asia").Clock.Advance(TimeSpan.FromMilliseconds(999));
            Assert.False(lookup.IsCompleted);
            cluster.SiloOf("asia").Clock.Advance(TimeSpan.FromMilliseconds(1));

            var answer = await lookup;
            Assert.Equal((Tier.Catalog, LookupFlags.Unleased), TierAndFlags(answer));
            Assert.True(answer.Row.Exists);
            Assert.Equal(1, cluster.SiloOf("asia").Catalog.ReadsOf("outage::owner"));
        }

        var next = await cluster.LookupAsync("asia", "outage::owner");
        Assert.NotEqual(Tier.Silo, next.Tier);
        Assert.NotEqual(Tier.Redis, next.Tier);
        Assert.Equal(LookupFlags.None, next.Flags);
        Assert.Equal(Tier.Silo, (await cluster.LookupAsync("asia", "outage::owner")).Tier);
    }

    [Fact]
    public async Task A_caller_may_refuse_a_flagged_answer()
    {
        await cluster.WriteAsync("outage::refuse");
        var home = cluster.SiloOf(cluster.Home);
        using (home.Catalog.Hold())
        {
            var lookup = cluster.LookupAsync("asia", "outage::refuse", requireCoherent: true);
            await Eventually.IsTrueAsync(() => home.Catalog.Waiting == 1, "the owner asks the catalog");
            cluster.SiloOf("asia").Clock.Advance(TimeSpan.FromSeconds(1));

            var error = await Assert.ThrowsAsync<LookupFailedException>(() => lookup);
            Assert.Contains(nameof(LookupFlags.Unleased), error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(LookupFlags.None, (await cluster.LookupAsync("asia", "outage::refuse", requireCoherent: true)).Flags);
    }

    [Fact]
    public async Task When_neither_owner_nor_catalog_answers_the_error_names_both()
    {
        var home = cluster.SiloOf(cluster.Home);
        using var silent = home.Catalog.Hold();
        using var down = cluster.SiloOf("asia").Catalog.Refuse("the cable is out");

        var lookup = cluster.LookupAsync("asia", "outage::both");
        await Eventually.IsTrueAsync(() => home.Catalog.Waiting == 1, "the owner asks the catalog");
        cluster.SiloOf("asia").Clock.Advance(TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAsync<LookupFailedException>(() => lookup);
        Assert.Contains("did not respond within 1,000 ms", error.Message, StringComparison.Ordinal);
        Assert.Contains("the cable is out", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a book at all")]
    [InlineData("OCB")]
    [InlineData("")]
    public async Task A_value_in_Redis_that_does_not_encode_a_book_is_a_miss_and_is_replaced(string value)
    {
        var key = $"outage::corrupt {value.Length}";
        await cluster.WriteAsync(key, "Whole");
        await cluster.PutIntoRedisAsync("asia", key, System.Text.Encoding.UTF8.GetBytes(value), TimeSpan.FromMinutes(5));

        var answer = await cluster.LookupAsync("asia", key);

        Assert.Equal(("Whole", Tier.Catalog), (CacheCluster.TitleOf(answer), answer.Tier));
        await Eventually.IsTrueAsync(async () => (await cluster.ReadRedisAsync("asia", key))!.Value.Length > 28, "the value is replaced");
        cluster.SiloOf("asia").Entries.Drop([key]);
        Assert.Equal(Tier.Redis, (await cluster.LookupAsync("asia", key)).Tier);
    }

    private static (Tier, LookupFlags) TierAndFlags(LookupAnswer answer) => (answer.Tier, answer.Flags);

    private Refusals RefuseEverywhere(string reason) => new([.. cluster.Silos.Select(silo => silo.Catalog.Refuse(reason))]);

    private sealed record Refusals(IDisposable[] All) : IDisposable
    {
        public void Dispose()
        {
            foreach (var one in All)
                one.Dispose();
        }
    }
}
