using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Faults.Clusters;

namespace OrleansCache.Tests.Faults.Faults;

/// <summary>The Redis with the silos' membership table is lost and recovers.</summary>
[Collection(OneSiloPerRegion.Name)]
public sealed class ClusteringRedisTests(OneSiloPerRegion fixture, ITestOutputHelper output) : FaultTests(output)
{
    // Milliseconds: longer than the silos' refresh interval, and than it takes to declare a silo dead.
    private const double Away = 7_000;

    private readonly FaultCluster _cluster = fixture.Cluster;

    [Fact]
    public Task Without_it_the_cluster_goes_on_and_once_it_is_back_a_silo_can_join() => LoseAsync("back", "asia", empty: false);

    [Fact]
    public Task When_it_comes_back_empty_the_cluster_goes_on_and_a_silo_can_join() => LoseAsync("back empty", "northamerica", empty: true);

    private Task LoseAsync(string what, string joining, bool empty) => RunAsync(_cluster, async () =>
    {
        var load = _cluster.Load;
        var lost = load.Now;
        await _cluster.Processes.ClusteringRedis.KillAsync();
        await load.UntilAsync(lost + Away);
        // Lookups include cold entries, and each region answers them itself.
        await load.WhenByItselfAsync(Regions);
        var without = await load.SinceAsync("without the clustering redis", lost);
        var back = load.Now;
        await _cluster.Processes.ClusteringRedis.RestartAsync(empty);
        var silo = await _cluster.Processes.StartSiloAsync(joining, 2);
        var ready = load.Now;
        await IsKnownAsync(silo);
        await _cluster.WhenGatewaysAreFoundAsync();
        await load.WhenSteadyAsync();
        var after = await load.SinceAsync(what, back);

        Say(without.ToString());
        Say(after.ToString());
        Say($"a silo was ready {ready - back:N0} ms after Redis was back, known to its region {load.Now - ready:N0} ms later");
        without.NoneFailed();
        after.NoneFailed();
        // No silo was declared dead meanwhile.
        Assert.All(Regions, region => Assert.False(_cluster.Processes.Silo(SiloProcess.NameOf(region, 1)).Ended.IsCompleted));

        Assert.Equal(0, await _cluster.StopAsync(silo.Name));
        await _cluster.WhenGatewaysAreFoundAsync();
        await load.WhenSteadyAsync();
        (await load.SinceAsync("the silo has left", ready)).NoneFailed();
    });

    private Task IsKnownAsync(SiloProcess silo) => Eventually.IsTrueAsync(
        async () =>
        {
            var (region, name) = (silo.Options.Region, silo.Name);
            return (await _cluster.ReaderOf(region).Operations.GetStatisticsAsync(region)).Any(known => known.Silo == name);
        },
        $"{silo.Name} is among its region's silos");
}
