using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Faults.Clusters;

namespace OrleansCache.Tests.Faults.Faults;

/// <summary>The Redis of a region fails and recovers.</summary>
[Collection(OneSiloPerRegion.Name)]
public sealed class LostNodeTests(OneSiloPerRegion fixture, ITestOutputHelper output) : FaultTests(output)
{
    private const string Region = "asia";

    // Milliseconds during which lookups are observed, before and without the node.
    private const double Span = 2_000;

    private readonly FaultCluster _cluster = fixture.Cluster;

    [Fact]
    public Task A_regions_redis_that_is_killed_costs_no_lookup_and_is_used_again_when_it_is_back() => LoseAsync(
        "killed", redis => redis.KillAsync(), redis => redis.RestartAsync(empty: true));

    [Fact]
    public Task A_regions_redis_that_hangs_costs_no_lookup_and_is_used_again_when_it_recovers() => LoseAsync(
        "hung", redis => redis.PauseAsync(), redis => redis.ResumeAsync());

    private Task LoseAsync(
        string what, Func<LocalRedisServer, Task> lose, Func<LocalRedisServer, Task> back) => RunAsync(_cluster, async () =>
    {
        var load = _cluster.Load;
        var redis = _cluster.Processes.Redis(Region);
        var start = load.Now;
        await load.UntilAsync(start + Span);
        var before = (await load.SinceAsync("before", start)).Of(Region);

        var lost = load.Now;
        await lose(redis);
        await WhenAsync(isUp: false);
        await load.UntilAsync(load.Now + Span);
        var without = await load.SinceAsync($"redis {what}", lost);
        var brought = load.Now;
        await back(redis);
        await WhenAsync(isUp: true);
        var usedAgain = load.Now;
        await HitsAgainAsync();
        await load.WhenSteadyAsync();
        var after = await load.SinceAsync($"redis {what}, and back", brought);

        Say(before.ToString());
        Say(without.ToString());
        Say(without.Of(Region).ToString());
        Say($"{after}; on the ring again after {usedAgain - brought:N0} ms");
        without.NoneFailed();
        after.NoneFailed();
    });

    private Task WhenAsync(bool isUp) => Eventually.IsTrueAsync(
        async () => (await _cluster.ReaderOf(Region).Operations.GetRingAsync(Region)).Nodes.All(node => node.IsUp == isUp),
        $"the ring of {Region} has its node {(isUp ? "up" : "down")}");

    /// <summary>Waits until the silos of the region read from the node again.</summary>
    private async Task HitsAgainAsync()
    {
        var reads = await ReadsAsync();
        await Eventually.IsTrueAsync(async () => await ReadsAsync() > reads, $"{Region} reads from its redis again");
    }

    private async Task<long> ReadsAsync()
    {
        var silos = await _cluster.ReaderOf(Region).Operations.GetStatisticsAsync(Region);
        return silos.Sum(silo => silo.NodeReads - silo.NodeFailures);
    }
}
