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
}
