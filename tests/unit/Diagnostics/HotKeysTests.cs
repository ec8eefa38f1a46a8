using OrleansCache.Diagnostics;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Diagnostics;

public sealed class HotKeysTests
{
    private readonly ManualClock _clock = new();
    private readonly HotKeys _keys;

    public HotKeysTests() => _keys = new(_clock);

    [Fact]
    public void Nothing_is_counted_before_somebody_asks()
    {
        Count("a", 100);

        Assert.Equal([], _keys.Ask());
    }

    [Fact]
    public void Counting_ends_a_while_after_the_last_question_and_then_begins_anew()
    {
        _keys.Ask();
        Count("a", 100);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Count("b", 100);

        Assert.Equal([], _keys.Ask());
    }

    [Fact]
    public void The_shares_are_those_of_the_lookups()
    {
        _keys.Ask();
        Count("often", 60);
        Count("seldom", 15);
        Count("sometimes", 25);

        Assert.Equal([("often", 0.6), ("sometimes", 0.25), ("seldom", 0.15)], Shares());
    }

    [Fact]
    public void Hot_keys_are_found_among_very_many()
    {
        _keys.Ask();
        // Every third lookup is of one of two keys; all others are looked up once.
        for (var i = 0; i < 30_000; i++)
            _keys.Count(i % 3 > 0 ? $"once::{i}" : i % 2 == 0 ? "hot::0" : "hot::1");

        var found = Shares();

        Assert.Equal((string[])["hot::0", "hot::1"], found.Take(2).Select(key => key.Key).Order());
        Assert.All(found.Take(2), key => Assert.InRange(key.Share, 0.16, 0.17));
        // None of the others seems to be hot only because its place was that of many.
        Assert.All(found.Skip(2), key => Assert.InRange(key.Share, 0, 0.001));
        Assert.Equal(HotKeys.MostTold, found.Length);
    }

    [Fact]
    public void It_follows_the_traffic()
    {
        _keys.Ask();
        Count("former", 1_000);
        for (var i = 0; i < 30; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Count("now", 10);
            _keys.Ask();
        }

        Assert.Equal("now", Shares()[0].Key);
    }

    [Fact]
    public void It_goes_on_for_hours()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _keys.Ask();
            Count("a", 3);
            Count("b", 1);
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        // The last of them are five seconds old, as old as those before them are in relation to one another.
        Assert.Equal([("a", 0.75), ("b", 0.25)], Shares());
    }

    private void Count(string key, int times)
    {
        for (var i = 0; i < times; i++)
            _keys.Count(key);
    }

    private (string Key, double Share)[] Shares() => [.. _keys.Ask().Select(key => (key.Key, Math.Round(key.Share, 4)))];
}
