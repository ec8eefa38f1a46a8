using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Leases;

/// <summary>What renewals do for copies that are in use, in time that only the test moves.</summary>
public sealed class RenewalTests
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    // While a renewal may be under way the silos' time goes no faster than the real one: whoever asks for it is patient for less than a second of theirs.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    // Leases are renewed when less than two fifths of them are left.
    private static readonly TimeSpan NotDue = 0.4 * Lease;

    [Fact]
    public async Task A_copy_in_use_outlives_its_time_because_each_renewal_reads_its_row()
    {
        const string key = "renewal::used";
        await using var cluster = await CacheCluster.StartAsync(new ClusterShape
        {
            Redis = false,
            StoppedClocks = true,
            Settings = new Dictionary<string, string> { ["TimeToLive"] = Life.ToString(), ["Leases:Length"] = Lease.ToString() },
        });
        await cluster.WriteAsync(key);
        var first = await cluster.LookupAsync("asia", key);
        Assert.Equal(Tier.Catalog, first.Tier);

        var asia = cluster.SiloOf("asia");
        for (var passed = TimeSpan.Zero; passed < 1.2 * Life; passed += Step)
        {
            cluster.Advance(Step);
            await Eventually.IsTrueAsync(
                () =>
                {
                    if (asia.Entries.Find(key) is { } copy && copy.UsableUntil - asia.Clock.Now > NotDue.TotalMilliseconds)
                        return true;
                    cluster.Advance(Moment);
                    return false;
                },
                $"the lease is renewed {passed + Step} after the book was loaded");
            var answer = await cluster.LookupAsync("asia", key);
            Assert.Equal((Tier.Silo, LookupFlags.None), (answer.Tier, answer.Flags));
            Assert.InRange(answer.TimeToLive, Step, Life);
        }

        Assert.True(cluster.CatalogReadsOf(key) > 1, "No renewal has read the row.");
    }
}
