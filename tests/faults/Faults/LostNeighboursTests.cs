using System.Diagnostics;
using OrleansCache.Tests.Faults.Clusters;

namespace OrleansCache.Tests.Faults.Faults;

/// <summary>All regions but one are lost at once, the home region among them.</summary>
[Collection(OneSiloPerRegion.Name)]
public sealed class LostNeighboursTests(OneSiloPerRegion fixture, ITestOutputHelper output) : FaultTests(output)
{
    private readonly FaultCluster _cluster = fixture.Cluster;

    /// <remarks>
    /// Without two of three silos, most of the cluster's grain directory is unreachable until they are declared dead, and a silo that has
    /// just started has no copy of it: only requests that bypass the directory are answered in time.
    /// </remarks>
    [Fact]
    public Task A_silo_that_has_just_started_answers_for_all_when_the_others_are_killed() => RunAsync(_cluster, async () =>
    {
        var load = _cluster.Load;
        await _cluster.KillAsync("northamerica.1");
        await _cluster.StartAgainAsync("northamerica.1");
        await load.WhenSteadyAsync();

        var (killed, killedAt) = (load.Now, Stopwatch.GetTimestamp());
        await Task.WhenAll(_cluster.KillAsync("europe.1"), _cluster.KillAsync("asia.1"));
        await WhenDetectedAsync(_cluster, "europe.1", killedAt);
        await WhenDetectedAsync(_cluster, "asia.1", killedAt);
        await load.WhenByItselfAsync("northamerica");
        var alone = await load.SinceAsync("neighbours killed", killed);
        Say(alone.ToString());
        alone.NoneFailed();

        var back = load.Now;
        await Task.WhenAll(_cluster.StartAgainAsync("europe.1"), _cluster.StartAgainAsync("asia.1"));
        await load.WhenSteadyAsync();
        var window = await load.SinceAsync("neighbours back", back);
        Say(window.ToString());
        window.NoneFailed();
    });
}
