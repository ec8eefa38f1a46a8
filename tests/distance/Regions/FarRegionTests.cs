using OrleansCache.Distance.Clients;
using OrleansCache.Distance.Clusters;
using OrleansCache.LocalClusters;
using OrleansCache.TestSupport;

namespace OrleansCache.Distance.Regions;

/// <summary>
/// What lookups and edits cost when the regions are far apart, in round trips and packets. Times are those of the fastest call; the
/// measuring program shows the figures (<see cref="Measuring.MeasuringProgram"/>).
/// </summary>
public sealed class FarRegionTests(DistantRegions regions) : IClassFixture<DistantRegions>
{
    private const int Lookups = 20;

    [DistanceFact]
    public async Task A_cold_lookup_takes_one_round_trip_to_home_and_has_all_guarantees()
    {
        await regions.BecomeHealthyAsync();
        foreach (var region in (string[])[DistantCluster.Asia, DistantCluster.NorthAmerica])
        {
            var lines = await regions[region].SeriesAsync($"cold::", Lookups);

            Assert.All(lines, IsGuaranteed);
            Assert.InRange(Fastest(lines.Select(line => line.Ms)), regions.ToHome(region), 1.5 * regions.ToHome(region));
        }
    }

    [DistanceFact]
    public async Task A_cold_lookup_costs_a_question_and_an_answer_between_regions()
    {
        const int books = 100;
        await regions.BecomeHealthyAsync();

        var packets = await regions.PacketsAsync(
            TimeSpan.FromSeconds(1), () => regions[DistantCluster.Asia].LoadAsync(books, 1, "packets::", books));

        // Two for each book, fewer where they share one; and what the idle traffic has more than in the second before.
        Assert.InRange(packets, 2, 3 * books);
    }

    [DistanceFact]
    public async Task A_lookup_from_memory_costs_nothing_between_regions()
    {
        const int books = 50;
        const int rate = 1_000;
        await regions.BecomeHealthyAsync();
        await regions[DistantCluster.Asia].LoadAsync(books, 1, "warm::", books);
        var load = await regions[DistantCluster.Asia].LoadAsync(books, 1, "warm::", books);

        var packets = await regions.PacketsAsync(
            TimeSpan.FromSeconds(1), async () => load = await regions[DistantCluster.Asia].LoadAsync(rate, 1, "warm::", books));

        Assert.Equal(new() { [Tier.Silo] = rate }, load.Total.Tiers.ToDictionary());
        Assert.Equal(0, load.Total.Flagged);
        Assert.InRange(packets, -rate, rate / 10);
    }

    [DistanceFact]
    public async Task An_edit_is_seen_in_every_region_and_takes_the_way_to_the_farthest_holder()
    {
        const int books = 5;
        await regions.BecomeHealthyAsync();
        foreach (var client in regions.Clients)
            Assert.All(await client.SeriesAsync("edited::", books), IsGuaranteed);

        var edits = new List<EditLine>();
        for (var i = 0; i < books; i++)
            edits.Add(await regions[DistantCluster.NorthAmerica].PutAsync($"edited::{i}", "New edition"));

        Assert.All(edits, edit => Assert.Null(edit.Error));
        var way = regions.ToHome(DistantCluster.NorthAmerica) + regions.ToHome(DistantCluster.Asia);
        Assert.InRange(Fastest(edits.Select(edit => edit.Ms)), way, 1.5 * way);
        foreach (var client in regions.Clients)
        {
            Assert.All(await client.SeriesAsync("edited::", books), line =>
            {
                IsGuaranteed(line);
                Assert.Equal("New edition", line.Title);
            });
        }
    }

    [DistanceFact]
    public async Task Behind_a_cut_link_own_copies_are_used_until_their_lease_ends_and_elsewhere_nobody_waits()
    {
        const int books = 5;
        await regions.BecomeHealthyAsync();
        foreach (var client in regions.Clients)
            Assert.All(await client.SeriesAsync("cut::", books), IsGuaranteed);

        regions.Network.Cut(DistantCluster.Asia, DistantCluster.Europe);
        try
        {
            Assert.All(await regions[DistantCluster.Asia].SeriesAsync("cut::", books), IsGuaranteed);

            // The edit waits for the lease of the copy that cannot be revoked, and nobody else does.
            var edit = regions[DistantCluster.Europe].PutAsync("cut::0", "New edition");
            Assert.All(await regions[DistantCluster.NorthAmerica].SeriesAsync("cut::", books), IsGuaranteed);
            var edited = await edit;
            Assert.Null(edited.Error);
            Assert.InRange(edited.Ms, 0, 2 * DistantRegions.Lease.TotalMilliseconds);

            var behind = await regions[DistantCluster.Asia].GetAsync("cut::0");
            Assert.Null(behind.Error);
            Assert.True(behind.Title == "New edition" || behind.Flags is not LookupFlags.None, $"{behind} is old and has no flag");
        }
        finally
        {
            regions.Network.Heal();
        }

        await regions.BecomeHealthyAsync();
        Assert.All(regions.Cluster.Processes.Silos, silo => Assert.False(silo.Ended.IsCompleted, $"{silo.Name} left the cluster"));
        var line = await regions[DistantCluster.Asia].GetAsync("cut::0");
        Assert.Null(line.Error);
        // On a busy machine its owner may be given up once more.
        Assert.True(line.Title == "New edition" || line.Flags is not LookupFlags.None, $"{line} is old and has no flag");
    }

    private static void IsGuaranteed(LookupLine line) => Assert.True(line is { Error: null, Flags: LookupFlags.None }, $"{line}");

    /// <summary>The fastest of several calls: a busy machine makes any of them slow, and none faster than the way.</summary>
    private static TimeSpan Fastest(IEnumerable<double> ms) => TimeSpan.FromMilliseconds(ms.Min());
}
