using System.Diagnostics;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Leases;

/// <summary>What renewals do for copies that are in use.</summary>
public sealed class RenewalTests
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(12);

    // Short enough that several renewals come while a copy's time is about to end.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task A_copy_in_use_outlives_its_time_because_each_renewal_reads_its_row()
    {
        const string key = "renewal::used";
        await using var cluster = await CacheCluster.StartAsync(new ClusterShape
        {
            Settings = new Dictionary<string, string> { ["TimeToLive"] = Life.ToString(), ["Leases:Length"] = Lease.ToString() },
        });
        await cluster.WriteAsync(key);
        var first = await cluster.LookupAsync("asia", key);
        Assert.Equal(Tier.Catalog, first.Tier);

        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < 1.2 * Life)
        {
            await Task.Delay(100);
            var answer = await cluster.LookupAsync("asia", key);
            // Where a lease has lapsed on a busy machine the owner says that the copy may be used, and its time does not begin again for that.
            Assert.True(answer.Tier is Tier.Grain, $"{Stopwatch.GetElapsedTime(started)} after it was loaded the book came from {answer.Tier}.");
        }
    }
}
