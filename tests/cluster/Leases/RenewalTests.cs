using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Leases;

/// <summary>Renewals of leases on entries in use, with a clock that only the test advances.</summary>
public sealed class RenewalTests
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    // During a possible renewal the manual clock runs no faster than real time: a renewal times out after a second on it.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    // A volume lease is renewed once per second.
    private static readonly TimeSpan NotDue = 0.4 * Lease;

    [Fact]
    public async Task An_entry_in_use_outlives_its_time_to_live_because_it_is_known_to_be_current()
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
                    if (asia.Entries.Find(key) is { } entry && entry.UsableUntil - asia.Clock.Now > NotDue.TotalMilliseconds)
                        return true;
                    cluster.Advance(Moment);
                    return false;
                },
                $"the lease is renewed {passed + Step} after the book was loaded");
            var answer = await cluster.LookupAsync("asia", key);
            Assert.Equal((Tier.Silo, LookupFlags.None), (answer.Tier, answer.Flags));
            Assert.InRange(answer.TimeToLive, Step, Life);
        }

        Assert.Equal(1, cluster.CatalogReadsOf(key));
    }
}
