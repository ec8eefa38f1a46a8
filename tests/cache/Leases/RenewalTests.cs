using OrleansCache.Tests.Clusters;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Leases;

/// <summary>What renewals do for copies that are in use, in time that only the test moves.</summary>
public sealed class RenewalTests
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task A_copy_in_use_outlives_its_time_because_each_renewal_reads_its_row()
    {
        const string key = "renewal::used";
        await using var cluster = await CacheCluster.StartAsync(new ClusterShape { StoppedClocks = true, Settings = new Dictionary<string, string> { ["TimeToLive"] = Life.ToString() } });
        await cluster.WriteAsync(key);
        await cluster.LookupAsync("asia", key);
        var silo = cluster.SiloOf("asia");

        for (var passed = TimeSpan.Zero; passed < 1.5 * Life; passed += Step)
        {
            cluster.Advance(Step);
            await Eventually.IsTrueAsync(
                () =>
                {
                    // Renewals wait a moment for each other.
                    cluster.Advance(Moment);
                    return silo.Copies.Find(key) is { } copy && copy.UsableUntil - silo.Clock.Now > Step.TotalMilliseconds;
                },
                $"the lease is renewed after {passed + Step}");
            var answer = await cluster.LookupAsync("asia", key);
            Assert.Equal((Tier.Grain, LookupFlags.None), (answer.Tier, answer.Flags));
            Assert.InRange(answer.TimeToLive, Step, Life);
        }
    }
}
