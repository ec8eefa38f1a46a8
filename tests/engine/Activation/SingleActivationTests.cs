using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Activation;

/// <summary>A grain has one activation in the cluster, however many ask for it first.</summary>
[Collection(TwoSilosCollection.Name)]
public sealed class SingleActivationTests(TwoSilos cluster)
{
    [Fact]
    public async Task A_thousand_first_calls_from_two_silos_meet_one_activation()
    {
        IGrainFactory[] silos = [.. cluster.Cluster.Silos.Select(TestClusterFixture.Factory)];

        // A race can be won by luck once, not ten times.
        for (var race = 0; race < 10; race++)
        {
            var key = TestClusterFixture.NewKey();
            var answers = await RaceAsync(1_000, i => silos[i % silos.Length].GetGrain<IProbeGrain>(key).Activation());

            Assert.Equal(1_000, answers.Length);
            Assert.Single(answers.Distinct());
        }
    }

    [Fact]
    public async Task Two_silos_and_the_client_race_for_many_grains_and_each_has_one_activation()
    {
        const int Grains = 100;
        string[] keys = [.. Enumerable.Range(0, Grains).Select(_ => TestClusterFixture.NewKey())];
        IGrainFactory[] callers = [cluster.Client, .. cluster.Cluster.Silos.Select(TestClusterFixture.Factory)];

        // Neighbours in the row of calls ask for the same grain from different places.
        var answers = await RaceAsync(Grains * 12, i => callers[i % callers.Length].GetGrain<IProbeGrain>(keys[i / 12]).Activation());

        var activations = answers.Chunk(12).Select(chunk => chunk.Distinct().Count());
        Assert.All(activations, count => Assert.Equal(1, count));
        Assert.Equal(Grains, answers.Distinct().Count());
    }

    [Fact]
    public async Task First_calls_that_start_in_grains_of_two_silos_meet_one_activation()
    {
        var key = TestClusterFixture.NewKey();
        IProbeGrain[] callers = [.. Enumerable.Range(0, 100).Select(i =>
            cluster.Client.GetGrain<IProbeGrain>(TestClusterFixture.NewKeyOn(cluster.Cluster.Silos[i % cluster.Cluster.Silos.Count])))];
        var places = await Task.WhenAll(callers.Select(caller => caller.Silo()));
        Assert.Equal(2, places.Distinct().Count());

        var answers = await RaceAsync(1_000, i => callers[i % callers.Length].ActivationOf(key));

        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task Different_keys_are_different_grains()
    {
        string[] keys = ["book::1984", "book::1984 ", "BOOK::1984", "book::1984/ä#?%", "日本語", "a b", "\"q\"", "+", "\\", "::"];
        var prefix = TestClusterFixture.NewKey();

        var grains = keys.Select(key => cluster.Client.GetGrain<IProbeGrain>(prefix + key)).ToArray();
        var activations = await Task.WhenAll(grains.Select(grain => grain.Activation()));
        var seen = await Task.WhenAll(grains.Select(grain => grain.Key()));

        Assert.Equal(keys.Length, activations.Distinct().Count());
        Assert.Equal(keys.Select(key => prefix + key), seen);
        Assert.Equal(keys.Select(key => prefix + key), grains.Select(grain => grain.GetPrimaryKeyString()));
    }

    [Fact]
    public async Task A_reference_can_be_handed_to_another_grain()
    {
        var other = cluster.Client.GetGrain<IProbeGrain>(TestClusterFixture.NewKey());

        var key = await cluster.Client.GetGrain<IProbeGrain>(TestClusterFixture.NewKey()).KeyOf(other);

        Assert.Equal(other.GetPrimaryKeyString(), key);
    }

    private static async Task<Guid[]> RaceAsync(int calls, Func<int, Task<Guid>> call)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var crowd = Enumerable.Range(0, calls).Select(async i =>
        {
            await start.Task;
            return await call(i);
        }).ToArray();
        start.SetResult();
        return await Task.WhenAll(crowd);
    }
}
