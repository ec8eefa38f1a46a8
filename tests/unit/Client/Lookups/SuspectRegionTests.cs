using OrleansCache.Client;
using OrleansCache.TestSupport;
using Xunit;

namespace OrleansCache.Tests.Client.Lookups;

/// <summary>Lookups of a region whose attempts have timed out.</summary>
public sealed class SuspectRegionTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Short = Budget / 10;

    private readonly ClientScene _scene = ClientScene.WithoutNearCache();

    [Fact]
    public async Task The_next_region_is_asked_beside_it_after_a_short_while()
    {
        await SuspectEuropeAsync();

        var lookup = _scene.GetFromAsync("europe");
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
        await SuspectEuropeAsync();
        _scene.Cluster.Regions["europe"] = _scene.Cluster.Answers();

        var result = await _scene.GetFromAsync("europe");

        Assert.Equal("europe", result.Region);
        Assert.Empty(result.FailedAttempts);
    }

    [Fact]
    public async Task Its_answer_counts_even_when_the_next_one_has_been_asked()
    {
        await SuspectEuropeAsync();
        var late = new TaskCompletionSource<LookupAnswer>();
        _scene.Cluster.Regions["europe"] = (_, _) => new(late.Task);
        _scene.Cluster.Regions["asia"] = FakeCluster.Hangs();
        var asked = _scene.Cluster.Asked.Count;

        var lookup = _scene.GetFromAsync("europe");
        _scene.Time.Advance(Short);
        await _scene.AskedAsync(asked + 2);
        late.SetResult(_scene.Cluster.AnswerOf(new("europe", 1, "book::1984")));

        Assert.Equal("europe", (await lookup).Region);
    }

    [Fact]
    public async Task While_it_does_not_answer_it_stays_suspect()
    {
        await SuspectEuropeAsync();
        for (var passed = TimeSpan.Zero; passed < 3 * LookupTimeouts.SilenceMemory; passed += Budget)
        {
            var lookup = _scene.GetFromAsync("europe");
            _scene.Time.Advance(Short);
            Assert.Equal("asia", (await lookup).Region);
            // The attempt goes on after its lookup, and times out.
            _scene.Time.Advance(Budget - Short);
            await Eventually.IsTrueAsync(() => _scene.HealthMap.Open == 0, "the open attempts to end");
        }
    }

    [Fact]
    public async Task A_while_after_it_answers_again_it_is_waited_for_as_before()
    {
        await SuspectEuropeAsync();
        _scene.Time.Advance(LookupTimeouts.SilenceMemory);

        var lookup = _scene.GetFromAsync("europe");
        _scene.Time.Advance(Budget - TimeSpan.FromMilliseconds(1));
        Assert.False(lookup.IsCompleted);
        _scene.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("asia", (await lookup).Region);
    }

    [Fact]
    public async Task When_enough_lookups_wait_for_it_the_others_ask_it_last()
    {
        await SuspectEuropeAsync();
        for (var i = _scene.HealthMap.Of("europe").Unanswered; i < RegionHealth.MostWhileSuspect; i++)
            Assert.True(_scene.HealthMap.Of("europe").TryBegin());

        var result = await _scene.GetFromAsync("europe");

        Assert.Equal(("asia", TimeSpan.Zero), (result.Region, result.Elapsed));
        Assert.Equal("asia", _scene.Cluster.Asked[^1].Region);
    }

    [Fact]
    public async Task A_region_with_too_many_calls_in_flight_is_not_asked()
    {
        for (var i = 0; i < RegionHealth.MostUnanswered; i++)
            Assert.True(_scene.HealthMap.Of("europe").TryBegin());

        var result = await _scene.GetFromAsync("europe");

        Assert.Equal("asia", result.Region);
        Assert.Contains("have no answer yet", Assert.Single(result.FailedAttempts).Reason);
        _scene.HealthMap.Of("europe").End();
        Assert.Equal("europe", (await _scene.GetFromAsync("europe")).Region);
    }

    [Fact]
    public async Task A_late_answer_ends_the_suspicion_and_the_region_has_twice_the_time()
    {
        await SuspectEuropeAsync();
        var late = new TaskCompletionSource<LookupAnswer>();
        _scene.Cluster.Regions["europe"] = (_, _) => new(late.Task);
        _scene.Cluster.Regions["asia"] = _scene.Cluster.Regions["northamerica"] = FakeCluster.Hangs();
        var lookup = _scene.GetFromAsync("europe");
        for (var passed = TimeSpan.Zero; passed < 1.5 * Budget; passed += Short)
            await _scene.PassAsync(Short);

        late.SetResult(_scene.Cluster.AnswerOf(new("europe", 1, "book::1984")));

        Assert.Equal("europe", (await lookup).Region);
        Assert.False(_scene.HealthMap.Of("europe").IsSuspect);
        Assert.Equal(2 * Budget, _scene.HealthMap.Of("europe").Budget);
    }

    [Fact]
    public async Task The_only_region_is_waited_for_although_it_is_suspect()
    {
        var scene = ClientScene.WithoutNearCache(null, "europe");
        for (var i = 0; i < RegionHealth.TimeoutsToSuspect; i++)
            scene.HealthMap.Of("europe").NoteTimeout(Budget);
        var slow = new TaskCompletionSource<LookupAnswer>();
        scene.Cluster.Regions["europe"] = (_, _) => new(slow.Task);

        var lookup = scene.GetFromAsync("europe");
        scene.Time.Advance(Budget - TimeSpan.FromMilliseconds(1));
        slow.SetResult(_scene.Cluster.AnswerOf(new("europe", 1, "book::1984")));

        Assert.Equal("europe", (await lookup).Region);
    }

    [Fact]
    public async Task When_every_region_is_suspect_no_grain_but_the_first_is_asked_only_bypasses()
    {
        foreach (var region in _scene.Map.Names)
        {
            _scene.Cluster.Regions[region] = FakeCluster.Hangs();
            for (var i = 0; i < RegionHealth.TimeoutsToSuspect; i++)
                _scene.HealthMap.Of(region).NoteTimeout(Budget);
        }

        _scene.Cluster.AnswerOnlyFrom("asia", AttemptPlan.DirectoryBypass, FakeCluster.Hangs());

        var lookup = _scene.GetFromAsync("europe");
        await _scene.PassUntilEndOfAsync(lookup);

        Assert.Equal("asia", (await lookup).Region);
        // Steps of time are charged to attempts that have not run yet, so only this is certain: none waited for a whole soft timeout.
        Assert.InRange(_scene.Time.Elapsed, Short, Budget - TimeSpan.FromMilliseconds(1));
        Assert.Equal(
            [("europe", 1), ("europe", AttemptPlan.DirectoryBypass), ("asia", AttemptPlan.DirectoryBypass)],
            _scene.Cluster.Asked.Select(grain => (grain.Region, grain.Rank)));
    }

    [Fact]
    public async Task A_suspect_silo_is_followed_by_the_second_one_of_the_region()
    {
        await SuspectEuropeAsync();
        _scene.Cluster.Silos["europe"] = 2;
        _scene.Cluster.AnswerOnlyFrom("europe", 2, FakeCluster.Hangs());

        var lookup = _scene.GetFromAsync("europe");
        _scene.Time.Advance(Short);
        var result = await lookup;

        Assert.Equal(("europe", Short), (result.Region, result.Elapsed));
    }

    /// <summary>Has several lookups time out at once, as they do when a silo is lost under load.</summary>
    private async Task SuspectEuropeAsync()
    {
        _scene.Cluster.Regions["europe"] = FakeCluster.Hangs();
        var lookups = Enumerable.Range(0, RegionHealth.TimeoutsToSuspect).Select(_ => _scene.GetFromAsync("europe")).ToArray();
        _scene.Time.Advance(Budget);
        foreach (var result in await Task.WhenAll(lookups))
            Assert.Equal("asia", result.Region);
        Assert.True(_scene.HealthMap.Of("europe").IsSuspect);
    }
}
