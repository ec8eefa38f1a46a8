using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Turns;

/// <summary>A grain runs one turn at a time, and one call at a time unless an attribute lets others in.</summary>
[Collection(TwoSilosCollection.Name)]
public sealed class TurnTests(TwoSilos cluster)
{
    [Fact]
    public async Task Calls_that_await_do_not_overlap()
    {
        var key = TestClusterFixture.NewKey();
        IGrainFactory[] callers = [cluster.Client, .. cluster.Cluster.Silos.Select(TestClusterFixture.Factory)];

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Turns(callers[i % callers.Length], key).Increment()));

        Assert.Equal(200, await Turns(cluster.Client, key).Count());
    }

    [Fact]
    public async Task Interleaved_calls_take_turns_after_every_await()
    {
        var key = TestClusterFixture.NewKey();
        IGrainFactory[] callers = [cluster.Client, .. cluster.Cluster.Silos.Select(TestClusterFixture.Factory)];

        await Task.WhenAll(Enumerable.Range(0, 3_000).Select(i => Turns(callers[i % callers.Length], key).IncrementInOneTurn()));

        Assert.Equal(3_000, await Turns(cluster.Client, key).Count());
    }

    [Fact]
    public async Task An_await_resumes_on_the_activations_scheduler() =>
        Assert.True(await Turns(cluster.Client, TestClusterFixture.NewKey()).ComesBack());

    [Fact]
    public async Task A_method_that_always_interleaves_runs_while_another_waits_and_an_ordinary_one_does_not()
    {
        var key = TestClusterFixture.NewKey();
        var grain = Turns(cluster.Client, key);
        var waiting = grain.Wait();
        await cluster.Stage.Gate(key).Arrived;

        var poke = grain.Poke();
        for (var i = 0; i < 50; i++)
            Assert.Equal(0, await grain.Pokes());
        Assert.False(poke.IsCompleted);

        cluster.Stage.Gate(key).Open();
        await Task.WhenAll(waiting, poke);
        Assert.Equal(1, await grain.Pokes());
    }

    [Fact]
    public async Task A_reentrant_class_interleaves_every_call()
    {
        var key = TestClusterFixture.NewKey();
        ITurnsGrain grain = cluster.Client.GetGrain<IReentrantTurnsGrain>(key);
        var waiting = grain.Wait();
        await cluster.Stage.Gate(key).Arrived;

        await grain.Poke();
        Assert.Equal(1, await grain.Pokes());
        Assert.False(waiting.IsCompleted);

        cluster.Stage.Gate(key).Open();
        await waiting;
    }

    [Fact]
    public async Task No_call_comes_in_before_the_activation_is_complete_not_even_one_that_interleaves()
    {
        var key = TestClusterFixture.NewKey() + "/slow";
        var gate = cluster.Stage.Gate(key + "/activate");
        var early = Turns(cluster.Client, key).Pokes();
        await gate.Arrived;
        var late = Turns(cluster.Client, key).Pokes();

        // Another grain answers meanwhile, so it is not that messages are slow.
        for (var i = 0; i < 50; i++)
            await Turns(cluster.Client, key[..^5]).Pokes();
        Assert.False(early.IsCompleted || late.IsCompleted);

        gate.Open();
        Assert.Equal(0, await early);
        Assert.Equal(0, await late);
    }

    private static ITurnsGrain Turns(IGrainFactory factory, string key) => factory.GetGrain<IOrderlyTurnsGrain>(key);
}
