using OrleansCache.Http;

namespace OrleansCache.Tests.Http;

public sealed class HotKeyMergeTests
{
    private readonly RegionWatch _europe = new("europe", true, (_, _, _) => { });
    private readonly RegionWatch _asia = new("asia", false, (_, _, _) => { });

    [Fact]
    public void A_silo_counts_as_much_as_it_answers_lookups()
    {
        See(_europe, "europe.1", 900, new HotKey("a", 0.1), new HotKey("b", 0.5));
        See(_asia, "asia.1", 100, new HotKey("a", 0.8));

        var keys = HotKeyMerge.Of([_europe, _asia]);

        Assert.Equal(["b", "a"], keys.Select(key => key.Key));
        Assert.Equal((450, 0.45), (keys[0].Rate, keys[0].Share));
        Assert.Equal((170, 0.17), (keys[1].Rate, keys[1].Share));
        Assert.Equal("europe", string.Join(", ", keys[0].Regions));
        // Of the 170 a second 90 are in europe.
        Assert.Equal("europe, asia", string.Join(", ", keys[1].Regions));
    }

    [Fact]
    public void A_key_that_is_hardly_looked_up_is_not_hot()
    {
        See(_europe, "europe.1", 0.15, new HotKey("a", 1));

        Assert.Empty(HotKeyMerge.Of([_europe, _asia]));
    }

    [Fact]
    public void What_a_silent_silo_has_said_is_forgotten()
    {
        See(_europe, "europe.1", 900, new HotKey("a", 1));
        Assert.NotEmpty(HotKeyMerge.Of([_europe]));

        _europe.Take(new(null, null, "silent"), TimeSpan.FromSeconds(20), 20_000);

        Assert.Empty(HotKeyMerge.Of([_europe]));
    }

    [Fact]
    public void So_many_are_shown_at_most()
    {
        See(_europe, "europe.1", 900, [.. Enumerable.Range(0, 20).Select(i => new HotKey($"key::{i}", 0.05))]);

        Assert.Equal(HotKeyMerge.MostKeys, HotKeyMerge.Of([_europe]).Length);
    }

    private static void See(RegionWatch region, string silo, double perSecond, params HotKey[] keys)
    {
        for (var i = 0; i < 2; i++)
        {
            var report = new SiloStatistics { Silo = silo, Region = region.Name, GrainHits = (long)(perSecond * 10 * i) };
            region.Take(new([report], null, null, [new(silo, [.. keys])]), TimeSpan.FromSeconds(10 * i), 10_000 * i);
        }
    }
}
