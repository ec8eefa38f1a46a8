using OrleansCache.Distance.Clusters;
using OrleansCache.LocalClusters;

namespace OrleansCache.Distance.Cuts;

/// <summary>Silos that end while readers of all regions look up; each region has only one.</summary>
[Collection(Alone.Name), Trait("Tier", "All")]
public sealed class LostSiloTests(ITestOutputHelper output)
{
    [DistanceFact]
    public async Task A_restart_of_each_silo_in_turn_fails_no_lookup()
    {
        await using var run = await CutRun.StartAsync(new());
        var course = await run.RunAsync(async () =>
        {
            foreach (var region in DistantCluster.Regions)
            {
                // The run's supervisor starts it again.
                await run.Processes.Silo(SiloProcess.NameOf(region, 1)).StopAsync();
                await Task.Delay(TimeSpan.FromSeconds(8));
            }
        });
        output.WriteLine($"{course}");

        Assert.All(course.Loads.Values, load => Assert.Equal((0, 0, 0), (load.Total.Failed, load.Total.Refused, load.Total.Flagged)));
    }

    [DistanceFact]
    public async Task Readers_of_a_region_whose_only_silo_is_killed_are_answered_elsewhere()
    {
        await using var run = await CutRun.StartAsync(new());
        var course = await run.RunAsync(() => run.Processes.Silo(SiloProcess.NameOf(DistantCluster.Asia, 1)).KillAsync());
        output.WriteLine($"{course}");

        Assert.All(course.Loads.Values, load => Assert.Equal(0, load.Total.Failed + load.Total.Refused));
        Assert.All(
            course.Loads.Where(load => load.Key != DistantCluster.Asia), load => Assert.Equal(0, load.Value.Total.Flagged));
    }
}
