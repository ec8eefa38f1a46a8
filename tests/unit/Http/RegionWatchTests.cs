using OrleansCache.Http;

namespace OrleansCache.Tests.Http;

public sealed class RegionWatchTests
{
    private readonly List<string> _said = [];
    private readonly RegionWatch _watch;
    private long _seconds;

    public RegionWatchTests() => _watch = new("europe", true, (kind, _, text) => _said.Add($"{kind}: {text}"));

    [Fact]
    public void What_is_there_at_first_has_not_happened()
    {
        See(Silo("europe.1", 0));

        Assert.Equal([], _said);
        Assert.True(_watch.Describe() is { IsKnown: true, Answers: true });
    }

    [Fact]
    public void A_region_is_not_called_silent_while_this_client_connects()
    {
        Take(new(null, null, "not yet"));
        Assert.False(_watch.Describe().IsKnown);

        See(Silo("europe.1", 0));

        Assert.Equal([], _said);
    }

    [Fact]
    public void A_region_that_never_answers_is_called_silent_in_the_end()
    {
        for (var i = 0; i < 4; i++)
            Take(new(null, null, "no route"));

        Assert.True(_watch.Describe() is { IsKnown: true, Answers: false, Problem: "no route" });
        Assert.Equal(["Down: europe does not answer"], _said);
    }

    [Fact]
    public void A_first_report_that_was_late_makes_no_rate_too_high()
    {
        Report(0.4, 0);
        Report(1, 1_000);
        Assert.Null(_watch.Describe().Rates);

        Report(2, 2_000);

        Assert.Equal(1_000, _watch.Describe().Rates!.Silo);

        void Report(double at, long hits) =>
            _watch.Take(new([Silo("europe.1", hits)], null), TimeSpan.FromSeconds(at), (long)(at * 1_000));
    }

    [Fact]
    public void A_silo_that_is_missing_stays_visible_and_comes_back()
    {
        See(Silo("europe.1", 0), Silo("europe.2", 0));
        See(Silo("europe.1", 10));

        var missing = _watch.Describe().Silos.Single(silo => silo.Name == "europe.2");
        Assert.False(missing.Answers);
        Assert.NotNull(missing.Problem);

        See(Silo("europe.1", 20), Silo("europe.2", 0));

        Assert.True(_watch.Describe().Silos.All(silo => silo.Answers));
        Assert.Equal(["Down: europe.2 does not answer", "Up: europe.2 answers again"], _said);
    }

    [Fact]
    public void A_silo_that_was_missing_for_ten_minutes_is_forgotten()
    {
        See(Silo("europe.1", 0), Silo("europe.2", 0));
        See(Silo("europe.1", 0));
        _seconds += 601;
        See(Silo("europe.1", 0));

        Assert.Equal(["europe.1"], _watch.Describe().Silos.Select(silo => silo.Name));
    }

    [Fact]
    public void Rates_are_of_the_last_second_and_of_the_last_ten()
    {
        for (var i = 0; i <= 20; i++)
            See(Silo("europe.1", i <= 15 ? i * 10 : 150 + ((i - 15) * 100)));

        var region = _watch.Describe();
        Assert.Equal(100, region.Rates!.Silo);
        Assert.Equal(55, region.Recent!.Silo);
    }

    [Fact]
    public void A_silo_with_smaller_counters_was_started_again()
    {
        See(Silo("europe.1", 500));
        See(Silo("europe.1", 20));

        Assert.Equal(["Change: europe.1 was started again"], _said);
        Assert.Equal(20, _watch.Describe().Rates!.Silo);
    }

    [Fact]
    public void A_node_that_leaves_the_ring_and_comes_back_is_told()
    {
        See(Silo("europe.1", 0));
        Take(new([Silo("europe.1", 0)], Ring(false)));
        Take(new([Silo("europe.1", 0)], Ring(true)));

        Assert.Equal(["Down: the node one of europe is off the ring", "Up: the node one of europe is back on the ring"], _said);
    }

    private static SiloStatistics Silo(string name, long hits) => new() { Silo = name, Region = "europe", GrainHits = hits };

    private static RegionRing Ring(bool isUp) => new("europe", 1, [new("one", "redis:6379", 100, isUp, 1)]);

    private void See(params SiloStatistics[] silos) => Take(new(silos, Ring(true)));

    private void Take(RegionAnswer answer)
    {
        _seconds++;
        _watch.Take(answer, TimeSpan.FromSeconds(_seconds), _seconds * 1_000);
    }
}
