using OrleansCache.Client;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Client.NearCaches;

/// <summary>How long an entry may be used.</summary>
public sealed class LeaseTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    // The most that a client subtracts from a lease for drifting and coarse clocks.
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task An_entry_is_used_until_just_before_its_lease_ends()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.OnRenew = _ => Task.FromResult<NearRenewal?>(scene.Cluster.Renewal(TimeSpan.Zero));
        await scene.GetAsync();

        scene.Clock.Advance(Lease - Margin);
        Assert.Equal(Tier.Near, (await scene.GetAsync()).Tier);
        scene.Clock.Advance(Margin - TimeSpan.FromMilliseconds(1));
        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task A_lease_counts_from_before_the_book_was_asked_for()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.OnRenew = _ => Task.FromResult<NearRenewal?>(scene.Cluster.Renewal(TimeSpan.Zero));
        var answer = scene.HoldLookups();
        var lookup = scene.GetAsync();
        await scene.AskedAsync(1);
        scene.Clock.Advance(TimeSpan.FromMilliseconds(200));
        answer.SetResult();
        await lookup;

        scene.Clock.Advance(Lease - Margin - TimeSpan.FromMilliseconds(200));
        Assert.Equal(Tier.Near, (await scene.GetAsync()).Tier);
        scene.Clock.Advance(Margin - TimeSpan.FromMilliseconds(1));
        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task A_revoked_entry_is_not_used()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();

        scene.Cluster.Revoke(ClientScene.Key);
        scene.Cluster.Put(ClientScene.Key, 8);
        var result = await scene.GetAsync();

        Assert.Equal((8, Tier.Silo), (result.Version, result.Tier));
        Assert.Equal((8, Tier.Near), ((await scene.GetAsync()).Version, (await scene.GetAsync()).Tier));
    }

    [Fact]
    public async Task A_revocation_is_acknowledged_when_it_is_done()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        var observer = new NearObserver(scene.Near);

        Assert.True(observer.RevokeAsync([ClientScene.Key]).IsCompletedSuccessfully);
        Assert.Null(scene.Near.Find(ClientScene.Key, 0));
    }

    [Fact]
    public async Task An_answer_that_was_asked_for_before_a_revocation_is_thrown_away_and_asked_for_again()
    {
        await using var scene = await ClientScene.JoinedAsync();
        var answer = scene.HoldLookups();
        var lookup = scene.GetAsync();
        await scene.AskedAsync(1);

        scene.Cluster.Revoke(ClientScene.Key);
        scene.Cluster.Put(ClientScene.Key, 8);
        answer.SetResult();

        Assert.Equal(8, (await lookup).Version);
        Assert.Equal(2, scene.Asked);
        Assert.Equal((8, Tier.Near), ((await scene.GetAsync()).Version, (await scene.GetAsync()).Tier));
    }

    [Fact]
    public async Task So_is_one_without_a_lease()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.Lease = TimeSpan.Zero;
        var answer = scene.HoldLookups();
        var lookup = scene.GetAsync();
        await scene.AskedAsync(1);

        scene.Cluster.Revoke(ClientScene.Key);
        scene.Cluster.Put(ClientScene.Key, 8);
        answer.SetResult();

        Assert.Equal((8, 2), ((await lookup).Version, scene.Asked));
    }

    [Fact]
    public async Task A_book_that_is_revoked_all_the_time_ends_in_an_error_that_says_so()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.OnLookup = (key, options, _) =>
        {
            var answer = scene.Cluster.Answer(key, options);
            scene.Cluster.Revoke(key);
            return new(answer);
        };

        var error = await Assert.ThrowsAsync<LookupFailedException>(() => scene.GetAsync());

        Assert.Contains("edited faster than it can be read", error.Message);
        Assert.InRange(scene.Asked, 2, 20);
    }

    [Fact]
    public async Task A_revocation_of_another_book_leaves_this_one()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();

        scene.Cluster.Revoke("book::brave new world");

        Assert.Equal(Tier.Near, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task A_machine_that_was_suspended_gives_everything_up()
    {
        // The lookup in flight is one attempt.
        await using var scene = await ClientScene.JoinedAsync(options => options.AttemptBudget = options.Deadline);
        await scene.GetAsync();
        var answer = scene.HoldLookups();
        scene.Cluster.Put("book::asked before", 1);
        var before = scene.GetAsync("book::asked before");
        await scene.AskedAsync(2);

        scene.Clock.Suspend(TimeSpan.FromHours(1));
        await scene.PassSecondsAsync(1);
        Assert.Equal(0, scene.Near.Statistics.Copies);
        scene.Cluster.Put("book::asked before", 2);
        answer.SetResult();

        // The lookup in flight is repeated, too.
        Assert.Equal(2, (await before).Version);
        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task A_clock_that_is_set_by_a_little_changes_nothing()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();

        scene.Clock.Suspend(TimeSpan.FromMilliseconds(900));
        await scene.PassSecondsAsync(1);

        Assert.Equal(Tier.Near, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task The_first_answer_of_an_unknown_silo_makes_the_client_known_and_the_next_one_is_kept()
    {
        await using var scene = new ClientScene();

        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
        await Eventually.IsTrueAsync(() => scene.Cluster.Knows(scene.Near.Client), "the silo knows the client");

        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
        Assert.Equal(Tier.Near, (await scene.GetAsync()).Tier);
        Assert.Equal([FakeCluster.Silo], scene.Cluster.Joins);
    }

    [Fact]
    public async Task A_silo_is_joined_once_however_many_answers_it_gives_meanwhile_and_again_a_second_after_it_failed()
    {
        await using var scene = new ClientScene();
        var refusal = new TaskCompletionSource();
        scene.Cluster.OnJoin = () => refusal.Task;

        for (var i = 0; i < 5; i++)
            await scene.GetAsync($"book::{i}");
        await Eventually.IsTrueAsync(() => !scene.Cluster.Joins.IsEmpty, "the client joins");
        Assert.Single(scene.Cluster.Joins);

        scene.Cluster.OnJoin = null;
        refusal.SetException(new LookupRefusedException("The silo is full."));
        await Eventually.IsTrueAsync(
            async () =>
            {
                scene.Clock.Advance(TimeSpan.FromSeconds(1));
                await scene.GetAsync();
                return scene.Cluster.Joins.Count == 2;
            },
            "it joins again");
    }

    [Fact]
    public async Task A_client_that_stops_leaves_its_silos_and_answers_from_no_entry_any_more()
    {
        var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        await scene.GetAsync();

        await scene.DisposeAsync();

        Assert.Equal([FakeCluster.Silo], scene.Cluster.Leaves);
        Assert.True(scene.Cluster.ObserversAreDeleted);
        Assert.Null(scene.Near.Find(ClientScene.Key, 0));
    }
}
