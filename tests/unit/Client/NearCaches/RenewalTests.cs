using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Client.NearCaches;

/// <summary>Volume leases that are renewed, and those that end.</summary>
public sealed class RenewalTests
{
    [Fact]
    public async Task All_that_is_held_is_renewed_with_one_message_per_second()
    {
        await using var scene = await ClientScene.JoinedAsync();
        for (var i = 0; i < 50; i++)
            await scene.GetAsync($"book::{i}");

        await scene.PassSecondsAsync(14);

        Assert.Equal(14, scene.Cluster.Renewals.Count);
        for (var i = 0; i < 50; i++)
            Assert.Equal(Tier.Near, (await scene.GetAsync($"book::{i}")).Tier);
        Assert.Equal(50, scene.Asked);
    }

    [Fact]
    public async Task Each_silo_is_asked_for_its_own_leases()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.OnLookup = (key, options, _) => new(scene.Cluster.Answer(key, options, silo: key.Contains("::a") ? "A" : "B"));
        await scene.GetAsync("book::a");
        await scene.GetAsync("book::b");
        await Eventually.IsTrueAsync(() => scene.Near.Silos == 3, "both silos are joined");
        scene.Cluster.OnRenew = silo => Task.FromResult<NearRenewal?>(
            scene.Cluster.Renewal(silo == "A" ? scene.Cluster.Lease : TimeSpan.Zero));

        await scene.PassSecondsAsync(11);

        Assert.Equal(Tier.Near, (await scene.GetAsync("book::a")).Tier);
        Assert.Equal(Tier.Silo, (await scene.GetAsync("book::b")).Tier);
    }

    [Fact]
    public async Task What_an_answer_names_is_dropped_though_the_lease_is_longer_and_the_next_message_says_so()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        await scene.GetAsync("book::other");
        scene.Cluster.OnRenew = _ => Task.FromResult<NearRenewal?>(scene.Cluster.Renewal(scene.Cluster.Lease, ClientScene.Key));

        await scene.PassSecondsAsync(2);

        Assert.Equal(Tier.Near, (await scene.GetAsync("book::other")).Tier);
        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
        Assert.Equal([0, 1], scene.Cluster.Renewals.Select(renewal => renewal.WorkedOff));
    }

    [Fact]
    public async Task What_is_not_held_any_more_is_released_and_later_requests_name_that_message()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        scene.Near.DropBelow(ClientScene.Key, version: 8);

        await scene.PassSecondsAsync(2);

        var (number, keys) = scene.Cluster.Renewals.First().Releases;
        Assert.Equal((1, ClientScene.Key), (number, Assert.Single(keys)));
        Assert.Empty(scene.Cluster.Renewals.Last().Releases.Keys);
        await scene.GetAsync("book::other");
        Assert.Equal([0, 1], scene.Cluster.Lookups.Select(lookup => lookup.Options.Released));
    }

    [Fact]
    public async Task An_answer_that_was_asked_for_before_the_key_was_released_is_not_kept()
    {
        // The lookup in flight is one attempt.
        await using var scene = await ClientScene.JoinedAsync(options => options.AttemptBudget = options.Deadline);
        await scene.GetAsync();
        scene.Near.DropBelow(ClientScene.Key, version: 7 + 1);
        var release = scene.HoldLookups();
        var lookup = scene.GetAsync();
        await scene.AskedAsync(2);

        await scene.PassSecondsAsync(1);
        Assert.NotEmpty(Assert.Single(scene.Cluster.Renewals).Releases.Keys);
        scene.Cluster.OnLookup = null;
        release.SetResult();
        await lookup;

        // It was asked for again, and that answer is kept.
        Assert.Equal(3, scene.Asked);
        Assert.Equal(Tier.Near, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task A_release_that_did_not_arrive_is_told_again()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        scene.Near.DropBelow(ClientScene.Key, version: 8);
        scene.Cluster.OnRenew = _ => Task.FromException<NearRenewal?>(new TimeoutException("lost"));
        await scene.PassSecondsAsync(1);
        scene.Cluster.OnRenew = null;
        await scene.PassSecondsAsync(1);

        var releases = scene.Cluster.Renewals.Select(renewal => renewal.Releases);
        Assert.Equal([(1, 1), (2, 1)], releases.Select(release => ((int)release.Number, release.Keys.Length)));
    }

    [Fact]
    public async Task A_later_generation_suspends_what_is_held()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.OnConfirm = _ => Task.FromException<NearConfirmation[]?>(new TimeoutException("lost"));
        await scene.GetAsync();
        scene.Cluster.Generation = 2;

        await scene.PassSecondsAsync(1);

        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
        Assert.Equal(Tier.Near, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task An_answer_of_a_former_generation_gives_no_lease()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.Generation = 2;
        await scene.PassSecondsAsync(1);
        scene.Cluster.Generation = 1;

        await scene.GetAsync();

        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task A_lease_that_the_silo_ends_is_not_used_and_late_answers_under_it_are_refused()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        var slot = CacheKey.Parse(ClientScene.Key).SlotOf(64);

        scene.Cluster.EndLeases(FakeCluster.Silo, slot, below: 2);
        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
        await scene.PassSecondsAsync(1);
        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);

        scene.Cluster.Stamp = 2;
        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
        Assert.Equal(Tier.Near, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task What_is_held_from_a_silo_that_is_forgotten_for_others_is_not_used_when_that_silo_ends_its_leases()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        scene.Cluster.OnLookup = (key, options, _) => new(scene.Cluster.Answer(key, options, silo: key));
        for (var i = 0; i < 1_000; i++)
        {
            scene.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await scene.GetAsync($"book::of silo {i}");
        }

        scene.Cluster.EndLeases(FakeCluster.Silo, slot: null, below: long.MaxValue);

        Assert.Null(scene.Near.Find(ClientScene.Key, atLeast: 0));
    }

    [Fact]
    public async Task A_silo_that_once_did_not_answer_is_renewed_again_without_a_lookup()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        scene.Cluster.OnRenew = _ => Task.FromException<NearRenewal?>(new TimeoutException("lost"));
        await scene.PassSecondsAsync(1);
        scene.Cluster.OnRenew = null;

        await scene.PassSecondsAsync(14);

        Assert.NotNull(scene.Near.Find(ClientScene.Key, atLeast: 0));
    }

    [Fact]
    public async Task A_lease_that_is_not_renewed_ends_and_is_used_again_when_it_is()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        scene.Cluster.OnRenew = _ => Task.FromResult<NearRenewal?>(scene.Cluster.Renewal(TimeSpan.Zero));
        await scene.PassSecondsAsync(11);
        Assert.True(scene.Near.Now > 10_000);

        scene.Cluster.OnRenew = null;
        await scene.PassSecondsAsync(1);

        Assert.Equal(Tier.Near, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task A_renewed_lease_counts_from_before_it_was_asked_for()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        var asked = 0L;
        scene.Cluster.OnRenew = _ =>
        {
            asked = scene.Clock.Now;
            scene.Clock.Advance(TimeSpan.FromMilliseconds(500));
            return Task.FromResult<NearRenewal?>(scene.Cluster.Renewal(TimeSpan.FromSeconds(4)));
        };
        await scene.PassSecondsAsync(8);
        scene.Cluster.OnRenew = _ => Task.FromResult<NearRenewal?>(scene.Cluster.Renewal(TimeSpan.Zero));

        scene.Clock.Advance(TimeSpan.FromMilliseconds(asked + 3_900 - scene.Clock.Now));
        Assert.Equal(Tier.Near, (await scene.GetAsync()).Tier);
        scene.Clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task A_silo_that_has_forgotten_the_client_is_joined_again_when_it_is_met()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        scene.Cluster.Forget();
        await scene.PassSecondsAsync(11);

        await scene.GetAsync();
        await Eventually.IsTrueAsync(() => scene.Cluster.Knows(scene.Near.Client), "the silo knows the client again");

        await scene.GetAsync();
        Assert.Equal(Tier.Near, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task A_silo_that_does_not_answer_holds_up_nothing_but_its_own_leases()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.OnLookup = (key, options, _) =>
            new(scene.Cluster.Answer(key, options, silo: key == ClientScene.Key ? "lost" : FakeCluster.Silo));
        await scene.GetAsync();
        await scene.GetAsync("book::other");
        await Eventually.IsTrueAsync(() => scene.Near.Silos == 2, "both silos are joined");
        scene.Cluster.OnRenew = silo => silo == "lost"
            ? Task.FromException<NearRenewal?>(new TimeoutException("gone"))
            : Task.FromResult<NearRenewal?>(scene.Cluster.Renewal(scene.Cluster.Lease));

        await scene.PassSecondsAsync(11);

        Assert.Equal(Tier.Near, (await scene.GetAsync("book::other")).Tier);
        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task A_renewal_that_takes_longer_than_the_period_holds_up_neither_other_silos_nor_itself()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Connect("europe", TimeSpan.FromMilliseconds(500));
        await scene.GetAsync();
        var far = new TaskCompletionSource();
        scene.Cluster.OnRenew = async _ =>
        {
            await far.Task;
            return scene.Cluster.Renewal(scene.Cluster.Lease);
        };
        for (var tick = 0; scene.Cluster.Renewals.IsEmpty; tick++)
        {
            Assert.True(tick < 10, "not renewed");
            await scene.PassAsync(TimeSpan.FromSeconds(1));
            await Task.Delay(20);
        }

        // The next round is begun while the first is still waited for: 1 s and the round trip.
        await scene.PassAsync(TimeSpan.FromMilliseconds(1_400));
        await Eventually.IsTrueAsync(() => scene.Cluster.Renewals.Count >= 2, "the next round begins before the first has ended");
        var rounds = scene.Near.Rounds;
        scene.Cluster.OnRenew = null;
        far.SetResult();
        await Eventually.IsTrueAsync(() => scene.Near.Rounds > rounds, "the first round ends");

        Assert.Equal(Tier.Near, (await scene.GetAsync()).Tier);
    }
}
