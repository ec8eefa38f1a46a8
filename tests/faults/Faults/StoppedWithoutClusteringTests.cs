using OrleansCache.Silo.Startup;
using OrleansCache.Tests.Faults.Clusters;

namespace OrleansCache.Tests.Faults.Faults;

/// <summary>A silo is stopped while the Redis with the membership table, where it would record its departure, is unavailable.</summary>
[Collection(OneSiloPerRegion.Name)]
public sealed class StoppedWithoutClusteringTests(OneSiloPerRegion fixture, ITestOutputHelper output) : FaultTests(output)
{
    private const string Stopped = "asia.1";

    private readonly FaultCluster _cluster = fixture.Cluster;

    [Fact]
    public Task Without_the_clustering_redis_a_silo_ends_in_time_and_its_exit_code_says_how() => RunAsync(_cluster, async () =>
    {
        var load = _cluster.Load;
        await _cluster.Processes.ClusteringRedis.KillAsync();
        var asked = load.Now;
        var code = await _cluster.StopAsync(Stopped);
        var stopped = load.Now;
        Say($"{Stopped} ended within {stopped - asked:N0} ms with exit code {code}");
        // It cannot write its departure, or the time to stop ends first; the log must agree with the exit code.
        var failed = _cluster.LinesOf(Stopped)
            .Any(line => line.Contains($"{Stopped} did not shut down gracefully", StringComparison.Ordinal));
        Assert.Equal(failed ? SiloExitCode.Failed : SiloExitCode.Done, code);
        // Until that Redis is back no silo can declare it dead, so its entries are looked up elsewhere.
        await load.WhenUnfailedAsync();

        await _cluster.Processes.ClusteringRedis.RestartAsync();
        await _cluster.StartAgainAsync(Stopped);
        await load.WhenSteadyAsync();
        var window = await load.SinceAsync("stopped without the clustering redis, and back", asked);
        Say(window.ToString());
        window.NoneFailed();
    });
}
