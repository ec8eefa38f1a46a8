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
        var killed = load.Now;
        await _cluster.KillAsync("europe.1");
        await load.UntilAsync(killed + FailOver);
        await load.WhenByItselfAsync("asia", "northamerica");
        await CheckFailOverAsync(_cluster, "home killed", killed, "asia", "northamerica");
        // The owners have come up elsewhere: nothing is given up any more.
        var settled = load.Now;
        await load.UntilAsync(settled + 1_000);
        var after = await load.SinceAsync("without home", settled);
        Assert.DoesNotContain(after.Samples, sample => sample.Flags != LookupFlags.None);

        var back = load.Now;
        await _cluster.StartAgainAsync("europe.1");
        await load.WhenCalmAsync();
        var window = await load.SinceAsync("home back", back);
        Say(window.ToString());
        window.NoneFailed();
    });
}
