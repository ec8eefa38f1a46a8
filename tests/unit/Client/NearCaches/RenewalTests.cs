using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Client.NearCaches;

/// <summary>Leases that are renewed, and those that lapse.</summary>
public sealed class RenewalTests
{
    [Fact]
    public async Task Leases_in_use_are_renewed_before_they_end_in_one_message()
    {
        await using var scene = await ClientScene.JoinedAsync();
        for (var i = 0; i < 50; i++)
            await scene.GetAsync($"book::{i}");

        await scene.PassSecondsAsync(8);

        Assert.Equal(50, Assert.Single(scene.Cluster.Renewals).Length);
        await scene.PassSecondsAsync(6);
        Assert.Equal(Tier.Near, (await scene.GetAsync("book::49")).Tier);
        Assert.Equal(50, scene.Asked);
    }

    [Fact]
    public async Task Each_silo_is_asked_for_its_own()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.OnLookup = (key, options, _) => new(scene.Cluster.Answer(key, options, silo: key.Contains("::a") ? "A" : "B"));
        foreach (var key in (string[])["book::a1", "book::a2", "book::b1"])
            await scene.GetAsync(key);

        await scene.PassSecondsAsync(8);

        var messages = scene.Cluster.Renewals.Select(held => string.Join(",", held.Select(entry => entry.Book).Order())).ToArray();
        Assert.Contains("book::a1,book::a2", messages);
        Assert.Contains("book::b1", messages);
    }

    [Fact]
    public async Task What_is_refused_lapses()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        await scene.GetAsync("book::other");
        scene.Cluster.OnRenew = held => Task.FromResult(
            Array.ConvertAll(held, entry => entry.Book == ClientScene.Key ? TimeSpan.Zero : scene.Cluster.Lease));

        await scene.PassSecondsAsync(11);

        Assert.Equal(Tier.Near, (await scene.GetAsync("book::other")).Tier);
        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task What_has_not_been_used_for_half_a_minute_lapses()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        for (var second = 0; second < 60; second++)
        {
            await scene.PassSecondsAsync(1);
            await scene.GetAsync("book::to meet a silo");
        }

        var renewed = scene.Cluster.Renewals.Count(held => held.Any(entry => entry.Book == ClientScene.Key));
        Assert.InRange(renewed, 3, 6);
        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
        Assert.Equal(Tier.Near, (await scene.GetAsync("book::to meet a silo")).Tier);
    }

    [Fact]
    public async Task A_silo_whose_own_lease_has_not_been_renewed_yet_is_asked_again()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        var left = 10;
        scene.Cluster.OnRenew = held => Task.FromResult(Array.ConvertAll(held, _ => TimeSpan.FromSeconds(left)));
        for (var second = 1; second <= 9; second++)
        {
            left = second < 9 ? 10 - second : 10;
            await scene.PassSecondsAsync(1);
        }

        await scene.PassSecondsAsync(3);

        Assert.InRange(scene.Cluster.Renewals.Count, 2, 6);
        Assert.Equal(Tier.Near, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task A_lease_that_was_revoked_while_it_was_renewed_is_not_used()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        scene.Cluster.OnRenew = held =>
        {
            scene.Cluster.Revoke(ClientScene.Key);
            return Task.FromResult(Array.ConvertAll(held, _ => scene.Cluster.Lease));
        };

        await scene.PassSecondsAsync(8);

        Assert.NotEmpty(scene.Cluster.Renewals);
        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task A_renewed_lease_counts_from_before_it_was_asked_for()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        var asked = 0L;
        scene.Cluster.OnRenew = held =>
        {
            asked = asked == 0 ? scene.Clock.Now : asked;
            scene.Clock.Advance(TimeSpan.FromMilliseconds(500));
            return Task.FromResult(Array.ConvertAll(held, _ => TimeSpan.FromSeconds(4)));
        };
        await scene.PassSecondsAsync(8);
        scene.Cluster.OnRenew = held => Task.FromResult(new TimeSpan[held.Length]);

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
    public async Task A_renewal_that_takes_longer_than_the_period_holds_up_neither_other_silos_nor_itself()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Connect("europe", TimeSpan.FromMilliseconds(500));
        scene.Cluster.OnLookup = (key, options, _) =>
            new(scene.Cluster.Answer(key, options, silo: key == ClientScene.Key ? "far" : FakeCluster.Silo));
        await scene.GetAsync();
        var far = new TaskCompletionSource();
        scene.Cluster.OnRenew = async held =>
        {
            if (held.Any(entry => entry.Book == ClientScene.Key))
                await far.Task;
            return Array.ConvertAll(held, _ => scene.Cluster.Lease);
        };
        for (var tick = 0; scene.Cluster.Renewals.IsEmpty; tick++)
        {
            Assert.True(tick < 10, "not renewed");
            await scene.PassAsync(TimeSpan.FromSeconds(1));
            await Task.Delay(20);
        }

        // Two rounds later the first one is still waited for: 1 s and the round trip.
        var rounds = scene.Near.Rounds;
        await scene.PassAsync(TimeSpan.FromMilliseconds(1_400));
        await Eventually.IsTrueAsync(() => scene.Near.Rounds > rounds, "the next round to end before the first");
        far.SetResult();
        await Eventually.IsTrueAsync(() => scene.Near.Rounds > rounds + 1, "the first round to end");

        await scene.PassAsync(TimeSpan.FromSeconds(3));
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
        scene.Cluster.OnRenew = held => held.Any(entry => entry.Book == ClientScene.Key)
            ? Task.FromException<TimeSpan[]>(new TimeoutException("gone"))
            : Task.FromResult(Array.ConvertAll(held, _ => scene.Cluster.Lease));

        await scene.PassSecondsAsync(11);

        Assert.Equal(Tier.Near, (await scene.GetAsync("book::other")).Tier);
        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
        Assert.InRange(scene.Cluster.Renewals.Count(held => held.Any(entry => entry.Book == ClientScene.Key)), 2, 4);
    }
}
