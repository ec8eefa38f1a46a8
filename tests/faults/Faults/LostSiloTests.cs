using System.Diagnostics;
using OrleansCache.Tests.Faults.Clusters;

namespace OrleansCache.Tests.Faults.Faults;

/// <summary>Silos that are killed, and silos that are stopped gracefully.</summary>
public sealed class LostSiloTests(TwoSilosAtHome fixture, ITestOutputHelper output) : FaultTests(output), IClassFixture<TwoSilosAtHome>
{
    private readonly FaultCluster _cluster = fixture.Cluster;

    [Fact]
    public Task One_of_a_regions_two_silos_is_killed_and_the_region_goes_on() => KillAsync("europe.2", Regions);

    [Fact]
    public Task A_readers_regions_only_silo_is_killed_and_other_regions_answer_for_it() => KillAsync("asia.1", "europe", "northamerica");

    [Fact]
    public Task Every_silo_is_restarted_in_turn_and_no_lookup_fails() => RunAsync(_cluster, async () =>
    {
        var began = _cluster.Load.Now;
        foreach (var silo in _cluster.Processes.Silos.Select(silo => silo.Name).ToArray())
        {
            var asked = _cluster.Load.Now;
            Assert.Equal(0, await _cluster.StopAsync(silo));
            var stopped = _cluster.Load.Now;
            await _cluster.StartAgainAsync(silo);
            Say($"{silo} stopped within {stopped - asked:N0} ms and was back within {_cluster.Load.Now - stopped:N0} ms");
            await _cluster.WhenGatewaysAreFoundAsync();
            await _cluster.Load.WhenByItselfAsync(Regions);
        }

        var window = await _cluster.Load.SinceAsync("rolling restart", began);
        Say(window.ToString());
        window.NoneFailed();
    });

    [Fact]
    public Task A_silo_that_pauses_for_a_second_is_not_declared_dead() => RunAsync(_cluster, async () =>
    {
        var (began, beganAt) = (_cluster.Load.Now, Stopwatch.GetTimestamp());
        var silo = _cluster.Processes.Silo("northamerica.1");
        await silo.PauseAsync();
        await _cluster.Load.UntilAsync(_cluster.Load.Now + 1_000);
        await silo.ResumeAsync();
        await _cluster.Load.WhenSteadyAsync();

        var window = await _cluster.Load.SinceAsync("paused for 1 s", began);
        Say(window.ToString());
        window.NoneFailed();
        Assert.False(silo.Ended.IsCompleted);
        Assert.Empty(_cluster.Deaths.Of(silo.Name, beganAt));
    });

    private Task KillAsync(string silo, params string[] remaining) => RunAsync(_cluster, async () =>
    {
        var load = _cluster.Load;
        var (killed, killedAt) = (load.Now, Stopwatch.GetTimestamp());
        await _cluster.KillAsync(silo);
        await WhenDetectedAsync(_cluster, silo, killedAt);
        await load.WhenByItselfAsync(remaining);
        await CheckFailOverAsync(_cluster, $"{silo} killed", killed, remaining);

        var back = load.Now;
        await _cluster.StartAgainAsync(silo);
        var ready = load.Now;
        await load.WhenByItselfAsync(Regions);
        var window = await load.SinceAsync($"{silo} back", back);
        var recovered = window.ByThemselvesSince(ready) - ready;
        Say($"{window}; ready after {ready - back:N0} ms, all regions for themselves {recovered:N0} ms later");
        window.NoneFailed();
    });
}
