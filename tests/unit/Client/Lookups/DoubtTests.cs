using OrleansCache.Client;
using OrleansCache.TestSupport;
using Xunit;

namespace OrleansCache.Tests.Client.Lookups;

/// <summary>What lookups do about a region that others have waited for in vain.</summary>
public sealed class DoubtTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Short = Budget / 10;

    private readonly LookupScene _scene = new();

    [Fact]
    public async Task The_next_region_is_asked_beside_it_after_a_short_while()
    {
        await DoubtEuropeAsync();

        var lookup = _scene.GetAsync("europe");
        _scene.Time.Advance(Short - TimeSpan.FromMilliseconds(1));
        Assert.False(lookup.IsCompleted);
        _scene.Time.Advance(TimeSpan.FromMilliseconds(1));
        var result = await lookup;

        Assert.Equal(("asia", Short), (result.Region, result.Elapsed));
        Assert.Equal("no answer yet after 30 ms", Assert.Single(result.FailedAttempts).Reason);
    }

    [Fact]
    public async Task Its_own_answer_counts_when_it_comes_in_time()
    {
        await DoubtEuropeAsync();
        _scene.Grains.Regions["europe"] = FakeGrains.Answers();

        var result = await _scene.GetAsync("europe");

        Assert.Equal("europe", result.Region);
        Assert.Empty(result.FailedAttempts);
    }

    [Fact]
    public async Task Its_answer_counts_even_when_the_next_one_has_been_asked()
    {
        await DoubtEuropeAsync();
        var late = new TaskCompletionSource<LookupAnswer>();
        _scene.Grains.Regions["europe"] = (_, _) => new(late.Task);
        _scene.Grains.Regions["asia"] = FakeGrains.Hangs();
        var asked = _scene.Grains.Asked.Count;

        var lookup = _scene.GetAsync("europe");
        _scene.Time.Advance(Short);
        await _scene.AskedAsync(asked + 2);
        late.SetResult(await FakeGrains.Answers()(new("europe", 1, "book::1984"), default));

        Assert.Equal("europe", (await lookup).Region);
    }

    [Fact]
    public async Task While_it_goes_on_not_answering_the_doubt_goes_on()
    {
        await DoubtEuropeAsync();
        for (var passed = TimeSpan.Zero; passed < 3 * RegionHealth.Memory; passed += Budget)
        {
            var lookup = _scene.GetAsync("europe");
            _scene.Time.Advance(Short);
            Assert.Equal("asia", (await lookup).Region);
            // What the lookup has left behind still finds out that there is no answer.
            _scene.Time.Advance(Budget - Short);
            await Eventually.IsTrueAsync(() => _scene.HealthMap.Left == 0, "the attempts that were left to end");
        }
    }

    [Fact]
    public async Task A_while_after_it_answers_again_it_is_waited_for_as_before()
    {
        await DoubtEuropeAsync();
        _scene.Time.Advance(RegionHealth.Memory);

        var lookup = _scene.GetAsync("europe");
        _scene.Time.Advance(Budget - TimeSpan.FromMilliseconds(1));
        Assert.False(lookup.IsCompleted);
        _scene.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("asia", (await lookup).Region);
    }

    [Fact]
    public async Task When_enough_lookups_wait_for_it_the_others_ask_it_last()
    {
        await DoubtEuropeAsync();
        for (var i = _scene.HealthMap.Of("europe").Unanswered; i < RegionHealth.MostWhileInDoubt; i++)
            Assert.True(_scene.HealthMap.Of("europe").TryBegin());

        var result = await _scene.GetAsync("europe");

        Assert.Equal(("asia", TimeSpan.Zero), (result.Region, result.Elapsed));
        Assert.Equal("asia", _scene.Grains.Asked[^1].Region);
    }

    [Fact]
    public async Task The_only_region_is_waited_for_in_doubt_too()
    {
        var scene = new LookupScene("europe");
        for (var i = 0; i < RegionHealth.SilencesToDoubt; i++)
            scene.HealthMap.Of("europe").NoteSilence(Budget);
        var slow = new TaskCompletionSource<LookupAnswer>();
        scene.Grains.Regions["europe"] = (_, _) => new(slow.Task);

        var lookup = scene.GetAsync("europe");
        scene.Time.Advance(Budget - TimeSpan.FromMilliseconds(1));
        slow.SetResult(await FakeGrains.Answers()(new("europe", 1, "book::1984"), default));

        Assert.Equal("europe", (await lookup).Region);
    }

    [Fact]
    public async Task When_every_region_is_in_doubt_no_grain_but_the_first_is_asked_only_detours()
    {
        foreach (var region in _scene.Map.Names)
        {
            _scene.Grains.Regions[region] = FakeGrains.Hangs();
            for (var i = 0; i < RegionHealth.SilencesToDoubt; i++)
                _scene.HealthMap.Of(region).NoteSilence(Budget);
        }

        _scene.Grains.Regions["asia"] = (grain, cancellation) => (grain.Rank == AttemptPlan.DirectoryBypass ? FakeGrains.Answers() : FakeGrains.Hangs())(grain, cancellation);

        var lookup = _scene.GetAsync("europe");
        await _scene.PassUntilEndOfAsync(lookup);

        Assert.Equal("asia", (await lookup).Region);
        // The steps in which time passes here are charged to whoever has not run yet, so only this is sure: nobody waited for a whole attempt.
        Assert.InRange(_scene.Time.Elapsed, Short, Budget - TimeSpan.FromMilliseconds(1));
        Assert.Equal(
            [new("europe", 1, "book::1984"), new("europe", AttemptPlan.DirectoryBypass, "book::1984"), new("asia", AttemptPlan.DirectoryBypass, "book::1984")], _scene.Grains.Asked);
    }

    [Fact]
    public async Task A_silo_in_doubt_is_followed_by_the_regions_second_one()
    {
        await DoubtEuropeAsync();
        _scene.Grains.Silos["europe"] = 2;
        _scene.Grains.Regions["europe"] = (grain, cancellation) => (grain.Rank == 2 ? FakeGrains.Answers() : FakeGrains.Hangs())(grain, cancellation);

        var lookup = _scene.GetAsync("europe");
        _scene.Time.Advance(Short);
        var result = await lookup;

        Assert.Equal(("europe", Short), (result.Region, result.Elapsed));
    }

    /// <summary>Lookups that wait in vain, all at once, as they do when a silo is lost under load.</summary>
    private async Task DoubtEuropeAsync()
    {
        _scene.Grains.Regions["europe"] = FakeGrains.Hangs();
        var lookups = Enumerable.Range(0, RegionHealth.SilencesToDoubt).Select(_ => _scene.GetAsync("europe")).ToArray();
        _scene.Time.Advance(Budget);
        foreach (var result in await Task.WhenAll(lookups))
            Assert.Equal("asia", result.Region);
        Assert.True(_scene.HealthMap.Of("europe").IsDoubted);
    }
}
