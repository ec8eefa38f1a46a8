using OrleansCache.Placement;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;
using Xunit.Abstractions;

namespace OrleansCache.Tests.Placement;

/// <summary>Where grains are placed, in a cluster with two silos in one region.</summary>
public sealed class PlacementTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    private static readonly ClusterShape TwoInEurope = new()
    {
        Regions = ["asia", "europe"],
        Silos = ["europe.1", "asia.1", "europe.2", "europe.3"],
        SilosAtFirst = 3,
        Redis = false,
        // No call runs into a timeout, however slow the machine is.
        StoppedClocks = true,
        Settings = new Dictionary<string, string> { ["Leases:Length"] = Lease.ToString() },
    };

    [Fact]
    public async Task Grains_live_in_their_region_and_a_further_silo_takes_exactly_what_belongs_to_it()
    {
        await using var cluster = await CacheCluster.StartAsync(TwoInEurope);
        var keys = Enumerable.Range(0, 120).Select(i => $"place::{i}").ToArray();
        await cluster.WriteAsync(keys);

        await LookUpAllAsync(cluster, keys);
        var two = Expected(cluster, keys);
        Assert.True(AreHeldAsExpected(cluster, two));
        Assert.Equal(0, cluster.Silo("asia.1").Entries.Statistics().Copies);

        // Owners are in the home region, whatever the region of the lookup.
        Assert.All(keys, key => Assert.Equal(1, cluster.Silo("asia.1").Catalog.ReadsOf(key)));
        Assert.All(new[] { "europe.1", "europe.2" }, silo => Assert.Equal(0, cluster.Silo(silo).Catalog.Queries));

        // The second rank is the other silo.
        var second = await cluster.LookupAsync("europe", keys[0], rank: 2);
        Assert.NotEqual(Tier.Silo, second.Tier);
        var other = two[keys[0]] == "europe.1" ? "europe.2" : "europe.1";
        Assert.Equal(two.Values.Count(silo => silo == other) + 1, cluster.Silo(other).Entries.Statistics().Copies);

        await RouterIsInItsRegionAsync(cluster);

        await cluster.StartSiloAsync();

        // Exactly the books that belong to the new silo move to it, with their next lookup; the others stay in memory where they are.
        var three = Expected(cluster, keys);
        var moved = keys.Where(key => three[key] == "europe.3").ToArray();
        output.WriteLine($"A third silo took {moved.Length} of {keys.Length} books; its fair share is {keys.Length / 3}");
        Assert.All(keys.Except(moved), key => Assert.Equal(two[key], three[key]));
        var answers = await LookUpAllAsync(cluster, keys);
        Assert.All(keys.Zip(answers), pair => Assert.Equal(moved.Contains(pair.First), pair.Second.Tier is not Tier.Silo));
        Assert.Equal(moved.Length, HeldBy(cluster.Silo("europe.3")));
        Assert.All(await LookUpAllAsync(cluster, keys), answer => Assert.Equal(Tier.Silo, answer.Tier));
    }

    private static async Task<LookupAnswer[]> LookUpAllAsync(CacheCluster cluster, string[] keys)
    {
        var answers = await Task.WhenAll(keys.Select(key => cluster.LookupAsync("europe", key)));
        Assert.All(answers, answer => Assert.Equal(("europe", LookupFlags.None), (answer.Region, answer.Flags)));
        return answers;
    }

    private static Dictionary<string, string> Expected(CacheCluster cluster, string[] keys)
    {
        var silos = cluster.Silos.First().Members.Of("europe").ToArray();
        return keys.ToDictionary(key => key, key => RendezvousOrder.Pick(silos, key, 1).Name);
    }

    private static bool AreHeldAsExpected(CacheCluster cluster, Dictionary<string, string> expected) =>
        cluster.Silos.Where(silo => silo.Region == "europe").All(silo => expected.Values.Count(name => name == silo.Name) == HeldBy(silo));

    private static long HeldBy(SiloAccess silo) => silo.Entries.Statistics().Copies + silo.Entries.Statistics().Absences;

    private static async Task RouterIsInItsRegionAsync(CacheCluster cluster)
    {
        foreach (var region in cluster.Regions)
        {
            var held = cluster.Silos.ToDictionary(silo => silo, silo => silo.Catalog.Hold());
            var change = cluster.Router(region).AddNodeAsync("another", "memory:placement", 100);
            await Eventually.IsTrueAsync(() => cluster.Silos.Any(silo => silo.Catalog.Waiting > 0), "the router asks its silo's catalog");
            Assert.Equal(region, cluster.Silos.Single(silo => silo.Catalog.Waiting > 0).Region);
            foreach (var hold in held.Values)
                hold.Dispose();
            await change;
            // Every silo of the region has the ring, not only the router's.
            var version = (await cluster.Router(region).RemoveNodeAsync("another")).Version;
            var statistics = await cluster.Router(region).GetStatisticsAsync();
            var members = cluster.Silos.Where(silo => silo.Region == region).Select(silo => silo.Name).Order();
            Assert.Equal(members, statistics.Select(silo => silo.Silo));
            Assert.All(statistics, silo => Assert.Equal(version, silo.RingVersion));
        }
    }
}
