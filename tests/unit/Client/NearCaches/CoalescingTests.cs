using OrleansCache.Client;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Client.NearCaches;

/// <summary>Lookups of the same book at the same time.</summary>
public sealed class CoalescingTests
{
    [Fact]
    public async Task Any_number_of_lookups_at_once_are_one()
    {
        await using var scene = await ClientScene.JoinedAsync();
        var answer = scene.HoldLookups();
        var lookups = Enumerable.Range(0, 100).Select(_ => scene.GetAsync()).ToArray();
        await scene.AskedAsync(1);

        answer.SetResult();

        Assert.All(await Task.WhenAll(lookups), result => Assert.Equal((7, Tier.Silo), (result.Version, result.Tier)));
        Assert.Equal(1, scene.Asked);
    }

    [Fact]
    public async Task Without_a_lease_those_who_came_later_share_a_second_one()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.Lease = TimeSpan.Zero;
        var first = scene.HoldLookups();
        var lookups = new List<Task<LookupResult>> { scene.GetAsync() };
        await scene.AskedAsync(1);
        lookups.AddRange(Enumerable.Range(0, 20).Select(_ => scene.GetAsync()));
        // The edit is acknowledged before the twenty ask, and the first lookup has read the version before it.
        scene.Cluster.Put(ClientScene.Key, 8);
        var second = scene.HoldLookups();
        first.SetResult();
        await scene.AskedAsync(2);
        second.SetResult();

        var results = await Task.WhenAll(lookups);

        Assert.Equal(7, results[0].Version);
        Assert.All(results.Skip(1), result => Assert.Equal(8, result.Version));
        // On a busy machine some of the twenty come to ask again only after the second one has ended.
        Assert.InRange(scene.Asked, 2, 10);
    }

    [Fact]
    public async Task A_lease_that_has_ended_when_the_answer_comes_is_none()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.Lease = TimeSpan.FromMilliseconds(100);
        var answer = scene.HoldLookups();
        var lookups = new[] { scene.GetAsync(), scene.GetAsync() };
        await scene.AskedAsync(1);

        scene.Clock.Advance(TimeSpan.FromMilliseconds(100));
        answer.SetResult();
        await Task.WhenAll(lookups);

        Assert.Equal(2, scene.Asked);
    }

    [Fact]
    public async Task Who_gives_up_ends_nobody_elses_lookup()
    {
        await using var scene = await ClientScene.JoinedAsync();
        var answer = scene.HoldLookups();
        using var giveUp = new CancellationTokenSource();
        var (first, second) = (scene.GetAsync(cancellation: giveUp.Token), scene.GetAsync());
        await scene.AskedAsync(1);

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult();

        Assert.Equal((7, 1), ((await second).Version, scene.Asked));
    }

    [Fact]
    public async Task When_all_have_given_up_the_lookup_ends_and_the_next_one_is_another()
    {
        await using var scene = await ClientScene.JoinedAsync();
        CancellationToken told = default;
        scene.Cluster.OnLookup = async (_, _, cancellation) =>
        {
            told = cancellation;
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException();
        };
        using var giveUp = new CancellationTokenSource();
        var lookups = new[] { scene.GetAsync(cancellation: giveUp.Token), scene.GetAsync(cancellation: giveUp.Token) };
        await scene.AskedAsync(1);

        await giveUp.CancelAsync();

        foreach (var lookup in lookups)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lookup);
        await Eventually.IsTrueAsync(() => told.IsCancellationRequested, "the lookup to be given up");
        scene.Cluster.OnLookup = null;
        Assert.Equal(7, (await scene.GetAsync()).Version);
    }

    [Fact]
    public async Task Who_came_to_a_lookup_that_failed_looks_by_itself_while_there_is_time()
    {
        await using var scene = await ClientScene.JoinedAsync(options => options.Regions.RemoveAt(1));
        var failure = new TaskCompletionSource<LookupAnswer?>();
        scene.Cluster.OnLookup = (_, _, _) => new(failure.Task);
        var (first, second) = (scene.GetAsync(), scene.GetAsync());
        await scene.AskedAsync(1);

        failure.SetException(new InvalidKeyException("It was never one."));
        scene.Cluster.OnLookup = null;

        await Assert.ThrowsAsync<InvalidKeyException>(() => first);
        Assert.Equal(7, (await second).Version);
    }

    [Fact]
    public async Task A_fresh_lookup_joins_none()
    {
        await using var scene = await ClientScene.JoinedAsync();
        var answer = scene.HoldLookups();
        var usual = scene.GetAsync();
        await scene.AskedAsync(1);

        var fresh = scene.GetAsync(options: new() { Region = "europe", Fresh = true });
        await scene.AskedAsync(2);
        answer.SetResult();

        await Task.WhenAll(usual, fresh);
        Assert.Equal(2, scene.Asked);
    }
}
