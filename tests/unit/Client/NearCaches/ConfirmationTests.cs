using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Client.NearCaches;

/// <summary>What becomes of entries that are suspended because their silo's leases, or the client's, are of a later generation.</summary>
public sealed class ConfirmationTests
{
    [Fact]
    public async Task They_are_confirmed_together_and_used_again_without_a_lookup()
    {
        await using var scene = await ClientScene.JoinedAsync();
        string[] keys = [.. Enumerable.Range(0, 50).Select(i => $"book::{i}")];
        foreach (var key in keys)
            await scene.GetAsync(key);
        scene.Cluster.Stamp = 2;

        await scene.PassSecondsAsync(3);

        foreach (var key in keys)
            Assert.Equal(Tier.Near, (await scene.GetAsync(key)).Tier);
        Assert.Equal(keys.Length, scene.Asked);
        var (silo, rows) = Assert.Single(scene.Cluster.Confirmed);
        Assert.Equal(FakeCluster.Silo, silo);
        Assert.Equal(keys.Order(), rows.Select(row => row.Book).Order());
        await scene.PassSecondsAsync(5);
        Assert.Single(scene.Cluster.Confirmed);
    }

    [Fact]
    public async Task One_that_the_silo_has_not_any_more_is_looked_up_again()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        scene.Cluster.Stamp = 2;
        scene.Cluster.Put(ClientScene.Key, 8, "Changed");

        await scene.PassSecondsAsync(3);

        Assert.Equal((0, 7), (scene.Near.Statistics.Copies, scene.Seen.Of(ClientScene.Key)));
        Assert.Equal("Changed", (await scene.GetAsync()).Book!.Title);
    }

    [Fact]
    public async Task What_cannot_be_confirmed_yet_is_asked_for_again()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        var answers = new Queue<NearConfirmation[]?>([null, [new(true, LeaseGeneration.None, TimeSpan.Zero)]]);
        scene.Cluster.OnConfirm = _ =>
        {
            var isLast = !answers.TryDequeue(out var answer);
            return isLast ? Task.FromException<NearConfirmation[]?>(new TimeoutException("lost")) : Task.FromResult(answer);
        };
        scene.Cluster.Stamp = 2;
        await scene.PassSecondsAsync(5);
        Assert.True(scene.Cluster.Confirmed.Count >= 3);
        Assert.Equal(1, scene.Near.Statistics.Copies);

        scene.Cluster.OnConfirm = null;
        await scene.PassSecondsAsync(2);

        Assert.Equal(Tier.Near, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task An_answer_that_was_asked_for_before_a_revocation_brings_nothing_back()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        var answer = new TaskCompletionSource<NearConfirmation[]?>();
        scene.Cluster.OnConfirm = _ => answer.Task;
        scene.Cluster.Stamp = 2;
        await scene.PassSecondsAsync(2);
        Assert.NotEmpty(scene.Cluster.Confirmed);

        scene.Cluster.Revoke(ClientScene.Key);
        answer.SetResult([new(true, new(scene.Cluster.Generation, scene.Cluster.Stamp), scene.Cluster.Lease)]);
        await scene.PassSecondsAsync(1);

        Assert.Equal(Tier.Silo, (await scene.GetAsync()).Tier);
    }

    [Fact]
    public async Task One_below_a_version_that_this_client_has_seen_is_dropped()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        scene.Cluster.OnConfirm = rows =>
        {
            scene.Seen.Note(ClientScene.Key, 8);
            return Task.FromResult<NearConfirmation[]?>(
                Array.ConvertAll(rows, _ => new NearConfirmation(true, new(scene.Cluster.Generation, 2), scene.Cluster.Lease)));
        };
        scene.Cluster.Stamp = 2;

        await scene.PassSecondsAsync(2);

        Assert.Equal(0, scene.Near.Statistics.Copies);
    }
}
