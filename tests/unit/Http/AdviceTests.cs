using System.Collections.Immutable;
using OrleansCache.Http;

namespace OrleansCache.Tests.Http;

public sealed class AdviceTests
{
    private static readonly LiveSnapshot Healthy = new()
    {
        Home = "europe",
        Regions = [Region("europe") with { IsHome = true }, Region("asia")],
        Distances = [new("europe", "asia", 160, 158), new("asia", "europe", 160, 159)],
    };

    [Fact]
    public void A_healthy_cluster_has_one_line()
    {
        var advice = Assert.Single(AdviceChecks.Of(Healthy));

        Assert.Equal(AdviceState.Ok, advice.State);
        Assert.Contains("2 regions, 4 silos and 2 nodes", advice.Reason);
    }

    [Fact]
    public void A_region_that_was_not_asked_yet_is_not_accused()
    {
        var advice = Assert.Single(AdviceChecks.Of(With(Region("asia") with { IsKnown = false, Answers = false })));

        Assert.Equal("starting", advice.Id);
    }

    [Fact]
    public void A_region_without_an_answer_is_a_problem_and_its_silos_are_not_listed_as_well()
    {
        var silent = Region("asia") with
        {
            Answers = false,
            Problem = "It did not answer within 2 s",
            Silos = [Silo("asia.1") with { Answers = false }],
        };

        var advice = Assert.Single(AdviceChecks.Of(With(silent)));

        Assert.Equal(("region-silent:asia", AdviceState.Problem), (advice.Id, advice.State));
        Assert.StartsWith("It did not answer within 2 s. ", advice.Reason);
    }

    [Fact]
    public void The_home_region_without_an_answer_is_said_to_be_home()
    {
        var found = AdviceChecks.Of(With(Region("europe") with { IsHome = true, Answers = false }));

        Assert.Contains(found, advice => advice is { Id: "home-silent", State: AdviceState.Problem });
    }

    [Fact]
    public void A_silo_without_an_answer_is_a_warning()
    {
        var region = Region("asia") with { Silos = [Silo("asia.1"), Silo("asia.2") with { Answers = false, Problem = "gone" }] };

        var advice = Assert.Single(AdviceChecks.Of(With(region)));

        Assert.Equal(("silo-silent:asia.2", AdviceState.Warning), (advice.Id, advice.State));
    }

    [Theory]
    [InlineData(true, nameof(AdviceState.Warning))]
    [InlineData(false, nameof(AdviceState.Problem))]
    public void A_node_that_is_down_is_worse_when_there_is_no_other(bool another, string state)
    {
        var down = new LiveNode { Name = "one", Address = "redis:6379", IsUp = false };
        ImmutableArray<LiveNode> nodes = another ? [down, new LiveNode { Name = "two", IsUp = true }] : [down];

        var advice = Assert.Single(AdviceChecks.Of(With(Region("asia") with { Nodes = nodes })));

        Assert.Equal(("node-down:asia/one", state), (advice.Id, advice.State.ToString()));
        Assert.Contains("redis:6379", advice.WhatToDo);
    }

    [Fact]
    public void A_node_that_is_used_in_part_is_a_warning_with_its_reason()
    {
        var node = new LiveNode { Name = "one", Address = "redis:6379", IsUp = true, Reason = "no writes: READONLY" };

        var advice = Assert.Single(AdviceChecks.Of(With(Region("asia") with { Nodes = [node] })));

        Assert.Equal(("node-degraded:asia/one", AdviceState.Warning), (advice.Id, advice.State));
        Assert.Contains("READONLY", advice.Reason);
    }

    [Fact]
    public void One_silo_in_a_region_is_told_beside_that_all_is_well()
    {
        var found = AdviceChecks.Of(With(Region("asia") with { Silos = [Silo("asia.1")] }));

        Assert.Equal(["all-well", "single-silo"], found.Select(advice => advice.Id));
        Assert.Equal(AdviceState.Info, found[1].State);
    }

    [Fact]
    public void Flagged_answers_edits_that_wait_and_refused_lookups_are_warnings()
    {
        var region = Region("asia") with { Recent = new() { Silo = 100, Flagged = 3, Lapses = 0.1, Shed = 7 } };

        var found = AdviceChecks.Of(With(region));

        Assert.Equal(["flagged:asia", "edits-wait:asia", "shed:asia"], found.Select(advice => advice.Id));
    }

    [Theory]
    [InlineData(95, 50, 10, true)]
    [InlineData(50, 50, 10, false)]
    [InlineData(95, 95, 10, false)]
    [InlineData(95, 50, 0, false)]
    public void Memory_is_too_small_only_when_it_is_full_evicts_and_misses(long full, double hits, double evictions, bool tooSmall)
    {
        var silo = Silo("asia.1") with
        {
            Bytes = full,
            BudgetBytes = 100,
            Recent = new() { Silo = hits, Catalog = 100 - hits, Evictions = evictions },
        };

        var found = AdviceChecks.Of(With(Region("asia") with { Silos = [silo, Silo("asia.2")] }));

        Assert.Equal(tooSmall, found.Any(advice => advice.Id == "memory:asia.1"));
    }

    [Theory]
    [InlineData(160, 150, false)]
    [InlineData(320, 150, true)]
    [InlineData(3, 1, false)]
    public void A_way_has_grown_when_it_is_more_than_twice_as_long_as_at_first(double now, double first, bool grown)
    {
        var found = AdviceChecks.Of(Healthy with { Distances = [new("europe", "asia", now, first)] });

        Assert.Equal(grown, found.Any(advice => advice.Id == "distance:europe-asia"));
    }

    [Theory]
    [InlineData(519, true)]
    [InlineData(520, false)]
    public void A_probe_must_outlast_a_lost_packet(double timeout, bool tooShort)
    {
        var region = Region("asia") with { Silos = [Silo("asia.1") with { MaxProbeTimeout = timeout }, Silo("asia.2")] };

        var found = AdviceChecks.Of(With(region));

        Assert.Equal(tooShort, found.Any(advice => advice.Id == "probe-timeout:asia.1"));
    }

    [Fact]
    public void A_catalog_that_fails_and_versions_that_differ_are_told_the_worse_first()
    {
        var region = Region("asia") with
        {
            Silos = [Silo("asia.1") with { CatalogFailed = true }, Silo("asia.2") with { Version = "2.0.0" }],
        };

        var found = AdviceChecks.Of(With(region));

        Assert.Equal(["catalog-down", "versions"], found.Select(advice => advice.Id));
        Assert.Contains("2.0.0 on asia.2", found[1].Reason);
    }

    private static LiveSnapshot With(LiveRegion region) => Healthy with
    {
        Regions = [.. Healthy.Regions.Select(one => one.Name == region.Name ? region : one)],
    };

    private static LiveRegion Region(string name) => new()
    {
        Name = name,
        IsKnown = true,
        Answers = true,
        Silos = [Silo($"{name}.1"), Silo($"{name}.2")],
        Nodes = [new() { Name = $"{name}-1", IsUp = true, Share = 1 }],
        Recent = new() { Silo = 100 },
    };

    private static LiveSilo Silo(string name) => new()
    {
        Name = name,
        Answers = true,
        Version = "1.0.0",
        BudgetBytes = 100,
        MaxProbeTimeout = 1_800,
    };
}
