using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Calls;

/// <summary>A one-way call does not wait for its grain.</summary>
[Collection(TwoSilosCollection.Name)]
public sealed class OneWayTests(TwoSilos cluster)
{
    [Fact]
    public async Task A_one_way_call_returns_while_the_grain_still_works_on_it()
    {
        var key = TestClusterFixture.NewKey();
        var grain = cluster.Client.GetGrain<ISlowGrain>(key);

        await grain.WaitOneWay();
        await cluster.Stage.Gate(key).Arrived;
        var answer = grain.Answers();
        Assert.False(answer.IsCompleted);

        cluster.Stage.Gate(key).Open();
        Assert.True(await answer);
    }

    [Fact]
    public async Task An_error_of_a_one_way_call_reaches_nobody()
    {
        var key = TestClusterFixture.NewKey();
        var grain = cluster.Client.GetGrain<ISlowGrain>(key);

        await grain.FailOneWay();
        await cluster.Stage.WaitForNotesAsync(key, 1);

        Assert.True(await grain.Answers());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_one_way_call_of_a_grain_reaches_another_one_on_whichever_silo(int other)
    {
        var caller = cluster.Client.GetGrain<ISlowGrain>(TestClusterFixture.NewKeyOn(cluster.Cluster.Silos[0]));
        var key = TestClusterFixture.NewKeyOn(cluster.Cluster.Silos[other]);

        // The first finds no activation of the other grain, the second does.
        await caller.FailOther(key);
        await cluster.Stage.WaitForNotesAsync(key, 1);
        await caller.FailOther(key);
        await cluster.Stage.WaitForNotesAsync(key, 2);
    }
}
