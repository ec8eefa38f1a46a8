using System.Diagnostics;
using OrleansCache.Tests.Faults.Clusters;

namespace OrleansCache.Tests.Faults.Faults;

/// <summary>The home region's only silo, which has all the owners, is lost.</summary>
[Collection(OneSiloPerRegion.Name)]
public sealed class LostHomeTests(OneSiloPerRegion fixture, ITestOutputHelper output) : FaultTests(output)
{
    private readonly FaultCluster _cluster = fixture.Cluster;

    [Fact]
    public Task The_home_regions_only_silo_is_killed_and_other_regions_answer_for_it() => RunAsync(_cluster, async () =>
    {
        var load = _cluster.Load;
        var (killed, killedAt) = (load.Now, Stopwatch.GetTimestamp());
        await _cluster.KillAsync("europe.1");
        await WhenDetectedAsync(_cluster, "europe.1", killedAt);
        await load.WhenByItselfAsync("asia", "northamerica");
        await CheckFailOverAsync(_cluster, "home killed", killed, "asia", "northamerica");
        // The owners have been activated elsewhere.
        await load.WhenUnflaggedAsync();

        var back = load.Now;
        await _cluster.StartAgainAsync("europe.1");
        await load.WhenSteadyAsync();
        var window = await load.SinceAsync("home back", back);
        Say(window.ToString());
        window.NoneFailed();
    });
}
