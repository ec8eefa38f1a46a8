using OrleansCache.Client;
using OrleansCache.TestSupport;
using Xunit;

namespace OrleansCache.Tests.Client.Lookups;

public sealed class BookCacheTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(300);

    private readonly ClientScene _scene = ClientScene.WithoutNearCache();

    [Fact]
    public async Task The_readers_own_region_answers_and_says_what_it_knows()
    {
        var result = await _scene.GetFromAsync("asia");

        Assert.True(result.Found);
        Assert.Equal("1984", result.Book!.Title);
        Assert.Equal((7, Tier.Silo, "asia", "asia-1"), (result.Version, result.Tier, result.Region, result.Node));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)), (result.Age, result.TimeToLive));
        Assert.Empty(result.FailedAttempts);
        Assert.Equal([new BookGrainKey("asia", 1, "book::1984")], _scene.Cluster.Asked);
    }

    [Fact]
    public async Task A_region_that_hangs_is_left_after_its_budget_and_the_next_one_answers()
    {
        _scene.Cluster.Regions["europe"] = FakeCluster.Hangs();

        var lookup = _scene.GetFromAsync("europe");
        _scene.Time.Advance(Budget - TimeSpan.FromMilliseconds(1));
        Assert.Single(_scene.Cluster.Asked);
        _scene.Time.Advance(TimeSpan.FromMilliseconds(1));
        var result = await lookup;

        Assert.Equal("asia", result.Region);
        var failed = Assert.Single(result.FailedAttempts);
        Assert.Equal(("europe", "no answer within 300 ms", Budget), (failed.Region, failed.Reason, failed.Elapsed));
        Assert.Equal(Budget, result.Elapsed);
    }

    [Fact]
    public async Task A_request_that_nobody_waits_for_is_cancelled()
    {
        _scene.Cluster.Regions["europe"] = FakeCluster.Hangs();

        var lookup = _scene.GetFromAsync("europe");
        var cancellation = _scene.Cluster.Lookups.ElementAt(0).Cancellation;
        Assert.False(cancellation.IsCancellationRequested);
        _scene.Time.Advance(Budget);
        await lookup;

        await Eventually.IsTrueAsync(() => cancellation.IsCancellationRequested, "the silent region to be told");
    }

    [Fact]
    public async Task A_region_that_fails_at_once_costs_no_time()
    {
        _scene.Cluster.Regions["europe"] = FakeCluster.Fails(new RegionUnavailableException("it has no silo now."));

        var result = await _scene.GetFromAsync("europe");

        Assert.Equal("asia", result.Region);
        Assert.Equal(TimeSpan.Zero, result.Elapsed);
        Assert.Equal("it has no silo now", Assert.Single(result.FailedAttempts).Reason);
    }

    [Fact]
    public async Task A_region_with_several_silos_is_asked_at_two_of_them_before_the_next_region()
    {
        _scene.Cluster.Silos["europe"] = 3;
        _scene.Cluster.Regions["europe"] = FakeCluster.Fails(new InvalidOperationException("broken"));

        var result = await _scene.GetFromAsync("europe");

        Assert.Equal(
            ["europe/book::1984", "europe.2/book::1984", "asia/book::1984"],
            _scene.Cluster.Asked.Select(grain => grain.ToString()));
        Assert.Equal("InvalidOperationException: broken", result.FailedAttempts[0].Reason);
        Assert.Equal(2, result.FailedAttempts[1].Rank);
    }

    [Fact]
    public async Task When_nobody_answers_the_error_comes_by_the_deadline_and_names_every_attempt()
    {
        foreach (var region in _scene.Map.Names)
            _scene.Cluster.Regions[region] = FakeCluster.Hangs();

        var lookup = _scene.GetFromAsync("asia");
        await _scene.PassUntilEndOfAsync(lookup);

        var error = await Assert.ThrowsAsync<LookupFailedException>(() => lookup);
        Assert.Contains("book::1984", error.Message);
        Assert.Contains("asia: no answer within 2,000 ms; europe: no answer within 1,7", error.Message);
        Assert.Contains("northamerica: no answer within 1,", error.Message);
        Assert.InRange(_scene.Time.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(2.1));
    }

    [Fact]
    public async Task Home_follows_the_configured_fallback_and_the_other_regions_follow_home()
    {
        var scene = ClientScene.WithoutNearCache(
            options => options.Regions[3].Fallback.Add("northamerica"), ["europe", "asia", "northamerica", "oceania"]);
        foreach (var region in scene.Map.Names)
            scene.Cluster.Regions[region] = FakeCluster.Fails(new CatalogUnavailableException("no catalog"));

        await Assert.ThrowsAsync<LookupFailedException>(() => scene.GetFromAsync("oceania"));
        await Assert.ThrowsAsync<LookupFailedException>(() => scene.GetFromAsync("northamerica"));

        Assert.Equal(
            ["oceania", "northamerica", "europe", "asia", "northamerica", "europe", "asia", "oceania"],
            scene.Cluster.Asked.Select(grain => grain.Region));
    }

    [Fact]
    public async Task When_all_grains_say_no_the_lookup_ends_at_once()
    {
        foreach (var region in _scene.Map.Names)
            _scene.Cluster.Regions[region] = FakeCluster.Fails(new CatalogUnavailableException("no catalog"));

        await Assert.ThrowsAsync<LookupFailedException>(() => _scene.GetFromAsync("europe"));

        Assert.Equal(3, _scene.Cluster.Asked.Count);
        Assert.Equal(TimeSpan.Zero, _scene.Time.Elapsed);
    }

    [Fact]
    public async Task When_nobody_can_be_reached_all_are_asked_again_after_a_pause_until_the_deadline()
    {
        foreach (var region in _scene.Map.Names)
            _scene.Cluster.Regions[region] = FakeCluster.Fails(new IOException("refused"));

        var lookup = _scene.GetFromAsync("europe");
        await _scene.PassUntilEndOfAsync(lookup);

        var error = await Assert.ThrowsAsync<LookupFailedException>(() => lookup);
        Assert.Contains("nobody answered: europe: IOException: refused; asia: IOException: refused; northamerica: ", error.Message);
        Assert.InRange(_scene.Time.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(2.1));
        Assert.InRange(_scene.Cluster.Asked.Count, 3 * 12, 3 * 20);
    }

    [Fact]
    public async Task Who_comes_back_before_the_deadline_answers()
    {
        foreach (var region in _scene.Map.Names)
            _scene.Cluster.Regions[region] = FakeCluster.Fails(new IOException("refused"));

        var lookup = _scene.GetFromAsync("europe");
        await _scene.PassAsync(TimeSpan.FromMilliseconds(50));
        _scene.Cluster.Regions["europe"] = _scene.Cluster.Answers();
        await _scene.PassUntilEndOfAsync(lookup);

        Assert.Equal("europe", (await lookup).Region);
        Assert.InRange(_scene.Time.Elapsed, RegionState.TrialPause, 2 * RegionState.TrialPause);
    }

    [Fact]
    public async Task A_late_answer_is_an_answer_too()
    {
        var loaded = new TaskCompletionSource<LookupAnswer?>();
        foreach (var region in _scene.Map.Names)
            _scene.Cluster.Regions[region] = (_, _) => new(loaded.Task);

        var lookup = _scene.GetFromAsync("europe");
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await _scene.AskedAsync(attempt);
            _scene.Time.Advance(Budget);
        }

        await _scene.AskedAsync(3);
        loaded.SetResult(_scene.Cluster.AnswerOf(new("europe", 1, "book::1984")));
        var result = await lookup;

        Assert.Equal("europe", result.Region);
        Assert.Equal("asia", Assert.Single(result.FailedAttempts).Region);
        Assert.Single(_scene.Cluster.Asked, new BookGrainKey("europe", 1, "book::1984"));
    }

    [Fact]
    public async Task The_only_region_gets_all_the_time_and_is_asked_again_in_case_the_request_was_lost()
    {
        var scene = ClientScene.WithoutNearCache(null, ["europe"]);
        scene.Cluster.Regions["europe"] = FakeCluster.Hangs();

        var lookup = scene.GetFromAsync("europe");
        scene.Time.Advance(Budget);
        await scene.AskedAsync(2);
        await scene.PassUntilEndOfAsync(lookup);

        var error = await Assert.ThrowsAsync<LookupFailedException>(() => lookup);
        Assert.Contains("no answer within 2,000 ms", error.Message);
        Assert.InRange(scene.Asked, 5, 7);
    }

    [Fact]
    public async Task A_key_that_cannot_be_one_is_sent_nowhere()
    {
        await Assert.ThrowsAsync<InvalidKeyException>(async () => await _scene.Cache.GetAsync(""));
        Assert.Empty(_scene.Cluster.Asked);
    }

    [Fact]
    public async Task A_region_that_is_not_configured_gets_an_error_that_names_those_that_are()
    {
        var error = await Assert.ThrowsAsync<UnknownRegionException>(() => _scene.GetFromAsync("mars"));

        Assert.Contains("\"mars\"", error.Message);
        Assert.Contains("europe, asia, northamerica", error.Message);
        Assert.Empty(_scene.Cluster.Asked);
    }

    [Fact]
    public async Task What_says_that_the_lookup_itself_is_wrong_is_not_tried_elsewhere()
    {
        _scene.Cluster.Regions["europe"] = FakeCluster.Fails(new InvalidKeyException("no key"));

        await Assert.ThrowsAsync<InvalidKeyException>(() => _scene.GetFromAsync("europe"));
        Assert.Single(_scene.Cluster.Asked);
    }

    [Fact]
    public async Task Giving_up_ends_the_lookup_at_once()
    {
        _scene.Cluster.Regions["europe"] = FakeCluster.Hangs();
        using var giveUp = new CancellationTokenSource();

        var lookup = _scene.GetFromAsync("europe", cancellation: giveUp.Token);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lookup);
        Assert.Single(_scene.Cluster.Asked);
        Assert.True(_scene.Cluster.Lookups.ElementAt(0).Cancellation.IsCancellationRequested);
    }

    [Fact]
    public async Task A_flagged_answer_is_given_with_its_flag()
    {
        _scene.Cluster.Regions["europe"] = _scene.Cluster.Answers(LookupFlags.Stale);

        var result = await _scene.GetFromAsync("europe");

        Assert.Equal(("europe", LookupFlags.Stale), (result.Region, result.Flags));
    }

    [Fact]
    public async Task A_refused_flag_leads_to_the_next_region()
    {
        _scene.Cluster.Regions["europe"] = _scene.Cluster.Answers(LookupFlags.Unleased);

        var result = await _scene.GetFromAsync("europe", requireCoherent: true);

        Assert.Equal(("asia", LookupFlags.None), (result.Region, result.Flags));
        Assert.Contains("flagged Unleased", Assert.Single(result.FailedAttempts).Reason);
    }

    [Fact]
    public async Task When_all_answers_are_flagged_and_refused_the_error_names_the_flags()
    {
        foreach (var region in _scene.Map.Names)
            _scene.Cluster.Regions[region] = _scene.Cluster.Answers(LookupFlags.Stale);

        var lookup = _scene.GetFromAsync("europe", requireCoherent: true);
        await _scene.PassUntilEndOfAsync(lookup);

        var error = await Assert.ThrowsAsync<LookupFailedException>(() => lookup);
        Assert.Contains("flagged Stale", error.Message);
    }

    [Fact]
    public async Task Without_a_readers_region_the_books_key_picks_one()
    {
        var picked = new HashSet<string>();
        for (var i = 0; i < 100; i++)
        {
            var result = await _scene.Cache.GetAsync($"book::{i}");
            Assert.Equal(_scene.Map.PickFor($"book::{i}"), result.Region);
            picked.Add(result.Region);
        }

        Assert.Equal(3, picked.Count);
    }

    [Fact]
    public async Task A_book_that_does_not_exist_is_an_answer_too()
    {
        _scene.Cluster.Regions["europe"] = (_, _) => ValueTask.FromResult<LookupAnswer?>(
            _scene.Cluster.Answer("book::none", default) with { Tier = Tier.Catalog, Node = null });

        var result = await _scene.GetFromAsync("europe");

        Assert.False(result.Found);
        Assert.Equal((0, Tier.Catalog), (result.Version, result.Tier));
        Assert.Null(result.Book);
    }
}
