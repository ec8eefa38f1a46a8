using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Lookups;

[Collection(StoppedClusterCollection.Name)]
public sealed class TimeToLiveTests(StoppedCluster cluster)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Entries_live_ten_minutes_less_up_to_a_tenth_in_memory_and_in_Redis_alike()
    {
        var keys = Enumerable.Range(0, 40).Select(i => $"life::jitter {i}").ToArray();
        await cluster.WriteAsync(keys);

        var lives = await Task.WhenAll(keys.Select(async key => (await cluster.LookupAsync("asia", key)).TimeToLive));

        Assert.All(lives, life => Assert.InRange(life, 0.9 * Life, Life));
        Assert.True(lives.Max() - lives.Min() > 0.02 * Life, "The times to live hardly differ.");
        foreach (var (key, life) in keys.Zip(lives))
        {
            await cluster.RedisHoldsAsync("asia", key);
            var entry = await cluster.ReadRedisAsync("asia", key);
            // Redis has a clock of its own, which keeps running.
            Assert.InRange(entry!.TimeToLive!.Value, life - TimeSpan.FromMinutes(2), life);
        }
    }

    [Fact]
    public async Task An_expired_entry_leaves_memory_and_its_grain_is_deactivated()
    {
        await cluster.WriteAsync("life::ends");
        var asia = cluster.SiloOf("asia");
        asia.Clock.Advance(Life);
        await Eventually.IsTrueAsync(() => asia.Entries.Statistics().Bytes == 0, "earlier tests' entries have left");
        var expirations = asia.Entries.Statistics().Expirations;
        var life = (await cluster.LookupAsync("asia", "life::ends")).TimeToLive;
        await cluster.RedisHoldsAsync("asia", "life::ends");

        asia.Clock.Advance(life - TimeSpan.FromMilliseconds(1));
        Assert.Equal(Tier.Silo, (await cluster.LookupAsync("asia", "life::ends")).Tier);
        Assert.Equal(1, asia.Entries.Statistics().Copies);
        asia.Clock.Advance(TimeSpan.FromMilliseconds(200));

        // Its bytes count until the grain has been deactivated.
        await Eventually.IsTrueAsync(() => asia.Entries.Statistics().Bytes == 0, "the grain is deactivated");
        Assert.Equal((0, expirations + 1), (asia.Entries.Statistics().Copies, asia.Entries.Statistics().Expirations));
        Assert.Equal(Tier.Redis, (await cluster.LookupAsync("asia", "life::ends")).Tier);
    }

    [Fact]
    public async Task An_expired_entry_is_not_used_even_before_its_grain_is_notified()
    {
        await cluster.WriteAsync("life::exact");
        var asia = cluster.SiloOf("asia");
        var life = (await cluster.LookupAsync("asia", "life::exact")).TimeToLive;
        await cluster.RedisHoldsAsync("asia", "life::exact");

        asia.Clock.Advance(life);

        Assert.Equal(Tier.Redis, (await cluster.LookupAsync("asia", "life::exact")).Tier);
    }

    [Fact]
    public async Task An_answer_from_memory_says_how_old_it_is_and_what_is_left()
    {
        await cluster.WriteAsync("life::age");
        var first = await cluster.LookupAsync("asia", "life::age");
        await cluster.RedisHoldsAsync("asia", "life::age");
        cluster.SiloOf("asia").Clock.Advance(TimeSpan.FromMinutes(3));

        var later = await cluster.LookupAsync("asia", "life::age");

        Assert.Equal(TimeSpan.FromMinutes(3), later.Age - first.Age);
        Assert.Equal(180_000, (first.TimeToLive - later.TimeToLive).TotalMilliseconds, tolerance: 1);
    }

    [Fact]
    public async Task An_absence_is_cached_for_half_a_minute()
    {
        var asia = cluster.SiloOf("asia");
        var absences = asia.Entries.Statistics().Absences;

        var first = await cluster.LookupAsync("asia", "life::none");
        var second = await cluster.LookupAsync("asia", "life::none");

        Assert.All([first, second], answer => Assert.False(answer.Row.Exists));
        Assert.Equal((Tier.Catalog, Tier.Silo), (first.Tier, second.Tier));
        Assert.InRange(first.TimeToLive, TimeSpan.FromSeconds(27), TimeSpan.FromSeconds(30));
        Assert.Equal(1, cluster.CatalogReadsOf("life::none"));
        Assert.Equal(absences + 1, asia.Entries.Statistics().Absences);
        Assert.Null(await cluster.ReadRedisAsync("asia", "life::none"));

        cluster.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(Tier.Catalog, (await cluster.LookupAsync("asia", "life::none")).Tier);
        Assert.Equal(2, cluster.CatalogReadsOf("life::none"));
    }
}
