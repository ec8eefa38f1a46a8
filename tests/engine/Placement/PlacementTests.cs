using OrleansCache.Engine.Tests.Activation;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Placement;

/// <summary>A placement director decides where a grain comes up, and only then.</summary>
public sealed class PlacementTests(PlacementCluster cluster) : IClassFixture<PlacementCluster>
{
    [Fact]
    public async Task The_directors_choice_is_honoured_whoever_asks()
    {
        var last = cluster.Cluster.Silos.Select(silo => silo.Name).Max(StringComparer.Ordinal);
        IGrainFactory[] callers = [cluster.Client, .. cluster.Cluster.Silos.Select(TestClusterFixture.Factory)];

        var places = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => callers[i % callers.Length].GetGrain<IPlacedGrain>(TestClusterFixture.NewKey()).Silo()));

        Assert.All(places, place => Assert.Equal(last, place));
    }

    [Fact]
    public async Task A_director_finds_a_silo_by_its_name_in_the_membership()
    {
        foreach (var silo in cluster.Cluster.Silos)
        {
            Assert.Equal(silo.Name, await cluster.Client.GetGrain<IProbeGrain>(TestClusterFixture.NewKeyOn(silo)).Silo());
            foreach (var from in cluster.Cluster.Silos)
                Assert.Equal(silo.Name, await TestClusterFixture.Factory(from).GetGrain<IProbeGrain>(TestClusterFixture.NewKeyOn(silo)).Silo());
        }
    }

    [Fact]
    public async Task The_director_is_given_the_strategy_and_asked_only_for_a_new_activation()
    {
        var key = TestClusterFixture.NewKey();
        IGrainFactory[] callers = [cluster.Client, .. cluster.Cluster.Silos.Select(TestClusterFixture.Factory)];

        foreach (var caller in callers)
            await caller.GetGrain<IPlacedGrain>(key).Silo();
        var decisions = cluster.Stage.Notes(key);
        foreach (var caller in callers)
            await caller.GetGrain<IPlacedGrain>(key).Silo();

        Assert.All(decisions, decision => Assert.Equal(nameof(ByOrder), decision));
        Assert.NotEmpty(decisions);
        Assert.Equal(decisions.Count, cluster.Stage.Notes(key).Count);
    }

    [Fact]
    public async Task A_director_that_throws_reaches_the_caller_as_an_error()
    {
        IGrainFactory[] callers = [cluster.Client, .. cluster.Cluster.Silos.Select(TestClusterFixture.Factory)];
        foreach (var caller in callers)
        {
            var key = "fail/" + TestClusterFixture.NewKey();

            var error = await Assert.ThrowsAnyAsync<Exception>(() => caller.GetGrain<IPlacedGrain>(key).Silo().WaitAsync(Until.Bound));

            Assert.Contains($"There is no place for {key}.", error.ToString(), StringComparison.Ordinal);
        }
    }
}
