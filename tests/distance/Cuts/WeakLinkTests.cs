using OrleansCache.Distance.Clusters;

namespace OrleansCache.Distance.Cuts;

/// <summary>Links that lose and jitter a part of their packets, as healthy ones do.</summary>
[Collection(Alone.Name), Trait("Tier", "All")]
public sealed class WeakLinkTests(ITestOutputHelper output)
{
    [DistanceFact]
    public async Task No_silo_leaves_the_cluster_for_two_percent_of_lost_packets()
    {
        await using var run = await CutRun.StartAsync(new());
        var course = await run.RunAsync(
            () =>
            {
                run.Network.SetLoss(0.02);
                return Task.CompletedTask;
            },
            end: () => run.Network.SetLoss(0));
        output.WriteLine($"{course}");

        Assert.Empty(run.Ended);
        Assert.DoesNotContain(
            run.Processes.Silos.SelectMany(silo => silo.Lines), line => line.Contains("is dead", StringComparison.Ordinal));
        Assert.All(course.Loads.Values, load => Assert.Equal(0, load.Total.Failed + load.Total.Refused));
        Assert.Null(course.Edit.Error);
    }

    [DistanceFact]
    public Task Jitter_causes_no_flag_and_no_failure() => IsHealthyAsync(new() { Jitter = TimeSpan.FromMilliseconds(5) });

    [DistanceFact]
    public Task Half_a_percent_of_lost_packets_causes_no_flag_and_no_failure() =>
        IsHealthyAsync(new() { Jitter = TimeSpan.FromMilliseconds(5), Loss = 0.005 });

    private async Task IsHealthyAsync(DistantClusterOptions options)
    {
        await using var run = await CutRun.StartAsync(options);
        var course = await run.RunAsync(() => Task.CompletedTask);
        output.WriteLine($"{course}");

        Assert.Empty(run.Ended);
        Assert.All(course.Loads.Values, load => Assert.Equal((0, 0, 0), (load.Total.Failed, load.Total.Refused, load.Total.Flagged)));
        Assert.Null(course.Edit.Error);
    }
}
