using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Calls;

/// <summary>A token that the caller cancels is cancelled in the grain.</summary>
[Collection(TwoSilosCollection.Name)]
public sealed class CancellationTests(TwoSilos cluster)
{
    /// <summary>From the client, the grain's silo and the other silo.</summary>
    public static TheoryData<int> Callers => [0, 1, 2];

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task Cancelling_at_the_caller_cancels_in_the_grain(int caller)
    {
        var (grain, key) = Cancellable(caller);
        using var source = new CancellationTokenSource();
        var call = grain.Wait("argument", source.Token);
        await cluster.Stage.Gate(key).Arrived;
        Assert.False(call.IsCompleted);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Until.Bound));
        await cluster.Stage.WaitForNotesAsync(key, 1);
        Assert.Equal(["cancelled"], cluster.Stage.Notes(key));
    }

    [Fact]
    public async Task A_token_is_passed_on_to_the_next_grain()
    {
        var silos = cluster.Cluster.Silos;
        var key = TestClusterFixture.NewKeyOn(silos[1]);
        using var source = new CancellationTokenSource();
        var call = cluster.Client.GetGrain<ICancellableGrain>(TestClusterFixture.NewKeyOn(silos[0])).WaitAt(key, source.Token);
        await cluster.Stage.Gate(key).Arrived;

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Until.Bound));
        await cluster.Stage.WaitForNotesAsync(key, 1);
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_token_that_is_not_cancelled_changes_nothing(int caller)
    {
        var (grain, key) = Cancellable(caller);
        cluster.Stage.Gate(key).Open();
        using var source = new CancellationTokenSource();

        Assert.Equal("first", await grain.Wait("first", source.Token));
        Assert.Equal("second", await grain.Wait("second", source.Token));
        Assert.Equal("none", await grain.Wait("none", CancellationToken.None));
        var (_, cancelled) = await grain.Look(source.Token);
        Assert.False(cancelled);
        await source.CancelAsync();
        Assert.Empty(cluster.Stage.Notes(key));
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_ends_the_call()
    {
        var (grain, key) = Cancellable(0);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grain.Wait("argument", new CancellationToken(true)).WaitAsync(Until.Bound));

        Assert.Empty(cluster.Stage.Notes(key).Except(["cancelled"]));
    }

    private (ICancellableGrain Grain, string Key) Cancellable(int caller)
    {
        var silos = cluster.Cluster.Silos;
        IGrainFactory[] callers = [cluster.Client, TestClusterFixture.Factory(silos[0]), TestClusterFixture.Factory(silos[1])];
        var key = TestClusterFixture.NewKeyOn(silos[0]);
        return (callers[caller].GetGrain<ICancellableGrain>(key), key);
    }
}
