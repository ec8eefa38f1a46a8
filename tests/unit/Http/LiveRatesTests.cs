using OrleansCache.Http;

namespace OrleansCache.Tests.Http;

public sealed class LiveRatesTests
{
    private static readonly SiloStatistics Earlier = new()
    {
        Silo = "europe.1",
        Region = "europe",
        GrainHits = 1_000,
        RedisHits = 100,
        CatalogRows = 10,
        Shed = 5,
    };

    [Fact]
    public void A_rate_is_the_difference_by_the_time_between_the_reports()
    {
        var later = Earlier with { GrainHits = 1_400, RedisHits = 110, CatalogRows = 18, Shed = 5 };

        var rates = LiveRates.Between(Earlier, later, TimeSpan.FromSeconds(2));

        Assert.Equal(200, rates.Silo);
        Assert.Equal(5, rates.Redis);
        Assert.Equal(4, rates.CatalogRows);
        Assert.Equal(0, rates.Shed);
        Assert.Equal(205, rates.Lookups);
    }

    [Fact]
    public void The_counters_of_a_silo_that_was_started_again_count_from_zero()
    {
        // Its other counters may have grown past the former ones already.
        var later = new SiloStatistics { Silo = "europe.1", Region = "europe", GrainHits = 1_200, RedisHits = 30 };

        var rates = LiveRates.Between(Earlier, later, TimeSpan.FromSeconds(1));

        Assert.True(LiveRates.HasRestarted(Earlier, later));
        Assert.Equal(1_200, rates.Silo);
        Assert.Equal(30, rates.Redis);
        Assert.All(rates.ToPoint(), value => Assert.True(value >= 0));
    }

    [Fact]
    public void A_silo_that_goes_on_is_not_taken_for_one_that_was_started_again() =>
        Assert.False(LiveRates.HasRestarted(Earlier, Earlier with { GrainHits = 1_001 }));

    [Fact]
    public void The_sum_of_rates_that_are_not_known_is_not_known()
    {
        Assert.Null(LiveRates.Sum([null, null]));
        Assert.Equal(7, LiveRates.Sum([new() { Silo = 3 }, null, new() { Silo = 4 }])!.Silo);
        Assert.Equal(2, LiveRates.Sum([new() { Silo = 3 }, new() { Flagged = 2 }])!.Flagged);
    }

    [Fact]
    public void Times_are_of_the_loads_between_the_reports()
    {
        var before = Earlier with { Loads = [new(Tier.Redis, [1_000])] };
        // A hundred of 16 µs more, and two of 16 µs times 2^(8/4).
        var after = Earlier with { Loads = [new(Tier.Redis, [1_100, 0, 0, 0, 0, 0, 0, 0, 2]), new(Tier.Catalog, [])] };

        var times = Assert.Single(LiveRates.Between(before, after, TimeSpan.FromSeconds(1)).Loads.Describe());

        Assert.Equal(new("redis", 102, 0.016, 0.064), times);
    }

    [Fact]
    public void Waits_are_of_the_edits_between_the_reports()
    {
        var before = Earlier with { EditWaits = [1_000] };
        var after = Earlier with { EditWaits = [1_099, 0, 0, 0, 1] };

        var waits = LiveRates.Between(before, after, TimeSpan.FromSeconds(1)).EditWaits;

        Assert.Equal((100, 0.016, 0.016, 0.032), (waits.Total, waits.Percentile(0.5), waits.Percentile(0.99), waits.Percentile(1)));
        Assert.Equal(200, LiveRates.Sum([new() { EditWaits = waits }, new() { EditWaits = waits }])!.EditWaits.Total);
    }

    [Fact]
    public void The_waits_of_a_silo_that_was_started_again_count_from_zero()
    {
        var later = new SiloStatistics { Silo = "europe.1", Region = "europe", EditWaits = [3] };

        Assert.Equal(3, LiveRates.Between(Earlier with { EditWaits = [1_000] }, later, TimeSpan.FromSeconds(1)).EditWaits.Total);
    }
}
