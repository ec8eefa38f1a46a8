using Orleans.Runtime;
using OrleansCache.Client;
using OrleansCache.TestSupport;
using OrleansCache.Timing;
using Xunit;

namespace OrleansCache.Tests.Client.Lookups;

/// <summary>Whom a lookup asks, and how long it waits.</summary>
public sealed class HedgeTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(300);

    private readonly ClientScene _scene = ClientScene.WithoutNearCache();

    [Fact]
    public async Task A_region_far_from_the_owners_is_waited_for_as_long_as_the_way_takes()
    {
        _scene.Connect("asia", TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(320));
        _scene.Cluster.Regions["asia"] = FakeCluster.Hangs();

        var lookup = _scene.GetFromAsync("asia");
        _scene.Time.Advance(TimeSpan.FromMilliseconds(621));
        Assert.Single(_scene.Cluster.Asked);
        _scene.Time.Advance(Millisecond);
        var result = await lookup;

        Assert.Equal("europe", result.Region);
        Assert.Equal("no answer within 622 ms", Assert.Single(result.FailedAttempts).Reason);
    }

    [Fact]
    public async Task A_second_silo_of_the_region_comes_before_another_region()
    {
        _scene.Cluster.Silos["europe"] = 2;
        _scene.Cluster.AnswerOnlyFrom("europe", 2, FakeCluster.Hangs());

        var lookup = _scene.GetFromAsync("europe");
        _scene.Time.Advance(Slack);
        var result = await lookup;

        Assert.Equal(("europe", Slack), (result.Region, result.Elapsed));
        Assert.Equal([1, 2], _scene.Cluster.Asked.Select(grain => grain.Rank));
    }

    [Fact]
    public async Task The_next_region_has_its_own_patience_from_when_it_is_asked()
    {
        _scene.Connect("asia", TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200));
        _scene.Cluster.Regions["europe"] = _scene.Cluster.Regions["asia"] = FakeCluster.Hangs();

        var lookup = _scene.GetFromAsync("europe");
        _scene.Time.Advance(Slack);
        await _scene.AskedAsync(2);
        await _scene.PassAsync(TimeSpan.FromMilliseconds(699));
        await Task.Yield();
        Assert.Equal(2, _scene.Asked);
        await _scene.PassUntilEndOfAsync(lookup, Millisecond);

        Assert.Equal("northamerica", (await lookup).Region);
    }

    [Fact]
    public async Task When_the_retry_budget_is_empty_lookups_go_on_waiting()
    {
        var answer = new TaskCompletionSource<LookupAnswer?>();
        // Only these keys are silent, so that the region is not suspect.
        _scene.Cluster.Regions["europe"] = (_, _) => new(answer.Task);
        const int Lookups = 200;
        var free = (int)(RetryBudget.PerSecond * RetryBudget.Window.TotalSeconds);
        var expected = free + (int)(RetryBudget.Ratio * Lookups);

        var lookups = Enumerable.Range(0, Lookups).Select(_ => _scene.GetFromAsync("europe")).ToArray();
        await _scene.AskedAsync(Lookups);
        _scene.Time.Advance(Slack);
        await _scene.AskedAsync(Lookups + expected);
        await Eventually.IsTrueAsync(() => lookups.Count(lookup => lookup.IsCompleted) == expected, "the hedged lookups");
        _scene.Time.Advance(Slack);
        _scene.Time.Advance(Slack);

        Assert.Equal(Lookups + expected, _scene.Asked);
        answer.SetResult(_scene.Cluster.AnswerOf(new("europe", 1, ClientScene.Key)));
        Assert.Equal(Lookups - expected, (await Task.WhenAll(lookups)).Count(result => result.Region == "europe"));
    }

    [Fact]
    public async Task An_attempt_that_fails_at_once_is_followed_by_the_next_place_without_the_budget()
    {
        _scene.Cluster.Regions["europe"] = FakeCluster.Fails(new SiloUnavailableException("lost"));

        for (var i = 0; i < 1_000; i++)
            Assert.Equal("asia", (await _scene.GetFromAsync("europe")).Region);
    }

    [Fact]
    public async Task A_process_that_is_late_itself_neither_hedges_nor_suspects_anybody()
    {
        var time = new ManualTimeProvider();
        using var lag = new ProcessLag(new TimeWithoutTimers(time));
        await using var scene = ClientScene.WithoutNearCache(lag: lag);
        var answer = new TaskCompletionSource<LookupAnswer?>();
        scene.Cluster.Regions["europe"] = (_, _) => new(answer.Task);

        var lookups = Enumerable.Range(0, 2 * RegionState.SilencesToSuspect).Select(_ => scene.GetFromAsync("europe")).ToArray();
        await scene.AskedAsync(lookups.Length);
        // Nothing of this process ran for half a second, and the answers were not read.
        time.Advance(TimeSpan.FromMilliseconds(550));
        scene.Time.Advance(TimeSpan.FromMilliseconds(500));
        await Task.Delay(20);
        Assert.Equal(lookups.Length, scene.Asked);
        answer.SetResult(scene.Cluster.AnswerOf(new("europe", 1, ClientScene.Key)));

        Assert.All(await Task.WhenAll(lookups), result => Assert.Equal("europe", result.Region));
        Assert.Equal(RegionStatus.Ready, scene.States.Of("europe").Status);
    }

    [Fact]
    public async Task A_silent_region_is_asked_last_once_several_attempts_were_silent()
    {
        await SuspectEuropeAsync();

        var result = await _scene.GetFromAsync("europe");

        Assert.Equal(("asia", TimeSpan.Zero), (result.Region, result.Elapsed));
        Assert.Empty(result.FailedAttempts);
    }

    [Fact]
    public async Task The_first_late_answer_makes_it_ready_again()
    {
        foreach (var region in _scene.Map.Names)
            Suspect(region);
        var late = new TaskCompletionSource<LookupAnswer?>();
        foreach (var region in _scene.Map.Names)
            _scene.Cluster.Regions[region] = (_, _) => new(late.Task);
        var lookup = _scene.GetFromAsync("europe");
        for (var passed = TimeSpan.Zero; passed < 2 * Slack; passed += Slack / 10)
            await _scene.PassAsync(Slack / 10);

        late.SetResult(_scene.Cluster.AnswerOf(new("europe", 1, ClientScene.Key)));

        await lookup;
        Assert.Equal(RegionStatus.Ready, _scene.States.Of("europe").Status);
    }

    [Fact]
    public async Task Where_all_are_silent_they_are_asked_in_quick_succession_and_then_with_patience()
    {
        _scene.Connect("europe", TimeSpan.FromMilliseconds(20), TimeSpan.Zero);
        foreach (var region in _scene.Map.Names)
        {
            _scene.Cluster.Regions[region] = FakeCluster.Hangs();
            Suspect(region);
        }

        var lookup = _scene.GetFromAsync("europe");
        _scene.Time.Advance(TimeSpan.FromMilliseconds(39));
        Assert.Equal(1, _scene.Asked);
        _scene.Time.Advance(Millisecond);
        await _scene.AskedAsync(2);
        await _scene.PassAsync(TimeSpan.FromMilliseconds(10));
        await _scene.AskedAsync(3);
        await _scene.PassAsync(Slack - (2 * Millisecond));
        Assert.Equal(3, _scene.Asked);
        await _scene.PassUntilEndOfAsync(lookup);

        await Assert.ThrowsAsync<LookupFailedException>(() => lookup);
        Assert.InRange(_scene.Asked, 6, 10);
    }

    [Fact]
    public async Task A_region_that_is_down_is_passed_by_at_no_cost_and_used_again_when_it_answers()
    {
        _scene.Cluster.Regions["europe"] = FakeCluster.Fails(new SiloUnavailableException("book::1984 was not sent"));
        for (var i = 0; i < 10 * RegionState.ErrorsToDown; i++)
            Assert.Equal("asia", (await _scene.GetFromAsync("europe")).Region);
        Assert.Equal(RegionState.ErrorsToDown, _scene.Cluster.Asked.Count(grain => grain.Region == "europe"));

        // Only where the others fail is it tried.
        _scene.Cluster.Regions["europe"] = _scene.Cluster.Answers();
        _scene.Cluster.Regions["asia"] = _scene.Cluster.Regions["northamerica"] = FakeCluster.Fails(new IOException("refused"));
        var lookup = _scene.GetFromAsync("europe");
        await _scene.PassUntilEndOfAsync(lookup);

        Assert.Equal("europe", (await lookup).Region);
        var reason = Assert.Single((await lookup).FailedAttempts, attempt => attempt.Region == "europe").Reason;
        Assert.Contains($"not asked, because nothing there can be reached: {nameof(SiloUnavailableException)}", reason);
        Assert.DoesNotContain("book", reason);
        Assert.Equal(RegionStatus.Ready, _scene.States.Of("europe").Status);
    }

    [Fact]
    public async Task A_region_that_is_still_connecting_is_waited_for_one_second()
    {
        var scene = ClientScene.WithoutNearCache(isConnected: false);
        scene.Connect("asia");
        scene.Cluster.Regions["europe"] = FakeCluster.Hangs();

        var lookup = scene.GetFromAsync("europe");
        scene.Time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(1, scene.Asked);
        scene.Time.Advance(Millisecond);

        Assert.Equal("asia", (await lookup).Region);
    }

    [Fact]
    public async Task A_lookup_that_was_shed_ends_at_once_and_goes_nowhere_else()
    {
        _scene.Cluster.Silos["europe"] = 2;
        _scene.Cluster.Regions["europe"] = FakeCluster.Sheds();

        var error = await Assert.ThrowsAsync<LookupRefusedException>(() => _scene.GetFromAsync("europe"));

        Assert.Contains("more to do than it can", error.Message);
        Assert.Single(_scene.Cluster.Asked);
        Assert.Equal(RegionStatus.Ready, _scene.States.Of("europe").Status);
    }

    [Fact]
    public async Task A_hedged_request_that_was_shed_leaves_the_first_one_to_be_answered()
    {
        var answer = new TaskCompletionSource<LookupAnswer?>();
        _scene.Cluster.Regions["europe"] = (_, _) => new(answer.Task);
        _scene.Cluster.Regions["asia"] = FakeCluster.Sheds();

        var lookup = _scene.GetFromAsync("europe");
        _scene.Time.Advance(Slack);
        await _scene.AskedAsync(2);
        await _scene.PassAsync(2 * Slack);
        Assert.Equal(2, _scene.Asked);
        answer.SetResult(_scene.Cluster.AnswerOf(new("europe", 1, ClientScene.Key)));

        Assert.Equal("europe", (await lookup).Region);
    }

    [Fact]
    public async Task Messages_for_many_keys_have_the_same_patience_and_notice_the_same_silence()
    {
        _scene.Cluster.OnBatch = (region, books) => region == "europe"
            ? new TaskCompletionSource<LookupAnswer?[]>().Task
            : Task.FromResult<LookupAnswer?[]>([.. books.Select(book => (LookupAnswer?)_scene.Cluster.AnswerOf(new(region, 1, book)))]);
        for (var i = 0; i < RegionState.SilencesToSuspect; i++)
        {
            var lookups = _scene.Cache.GetManyAsync([$"book::{i}"], new() { Region = "europe" });
            await _scene.PassUntilEndOfAsync(lookups);
            Assert.Equal("asia", Assert.Single(await lookups).Region);
        }

        var began = _scene.Time.Elapsed;
        Assert.Equal("asia", Assert.Single(await _scene.Cache.GetManyAsync(["book::b"], new() { Region = "europe" })).Region);

        Assert.Equal(began, _scene.Time.Elapsed);
        Assert.Equal(RegionStatus.Suspect, _scene.States.Of("europe").Status);
    }

    private void Suspect(string region)
    {
        for (var i = 0; i < RegionState.SilencesToSuspect; i++)
            _scene.States.Of(region).NoteSilence(Slack);
        Assert.Equal(RegionStatus.Suspect, _scene.States.Of(region).Status);
    }

    /// <summary>Has several lookups be silent at once, as they are when a silo is lost under load.</summary>
    private async Task SuspectEuropeAsync()
    {
        _scene.Cluster.Regions["europe"] = FakeCluster.Hangs();
        var lookups = Enumerable.Range(0, RegionState.SilencesToSuspect).Select(_ => _scene.GetFromAsync("europe")).ToArray();
        _scene.Time.Advance(Slack);
        foreach (var result in await Task.WhenAll(lookups))
            Assert.Equal("asia", result.Region);
        Assert.Equal(RegionStatus.Suspect, _scene.States.Of("europe").Status);
    }
}
