using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Catalogs;
using OrleansCache.Entries;
using OrleansCache.Owners;
using OrleansCache.Placement;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Leases;

/// <summary>
/// What a cluster of three regions does with volume leases: what it costs to hold much, whom an edit waits for, and what an owner knows.
/// </summary>
public sealed class VolumeLeaseTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);

    private static readonly ClusterShape Shape = new()
    {
        Settings = new Dictionary<string, string>
        {
            ["Leases:Length"] = Lease.ToString(),
            // An owner that is slow, as on a busy machine, is not unreachable.
            ["OwnerBudget"] = "00:00:20",
            ["OwnerPatience"] = "00:00:20",
        },
    };

    [Fact]
    public async Task What_is_held_is_renewed_without_reading_any_of_it()
    {
        // Longer than renewals are late on a busy machine.
        var lease = TimeSpan.FromSeconds(10);
        var settings = new Dictionary<string, string>(Shape.Settings) { ["Leases:Length"] = lease.ToString() };
        await using var cluster = await CacheCluster.StartAsync(Shape with { Redis = false, Settings = settings });
        var keys = Enumerable.Range(0, 500).Select(i => $"volume::held {i}").ToArray();
        await cluster.WriteAsync(keys);
        foreach (var region in cluster.Regions)
            await Task.WhenAll(keys.Select(key => cluster.LookupAsync(region, key)));
        var (rows, queries) = await CatalogReadsAsync(cluster);

        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < 2 * lease)
        {
            foreach (var region in cluster.Regions)
            {
                var answer = await cluster.LookupAsync(region, keys[0]);
                Assert.Equal((Tier.Silo, LookupFlags.None), (answer.Tier, answer.Flags));
            }
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        foreach (var region in cluster.Regions)
        {
            var answers = await Task.WhenAll(keys.Select(key => cluster.LookupAsync(region, key)));
            Assert.All(answers, answer => Assert.Equal(Tier.Silo, answer.Tier));
        }

        var (laterRows, laterQueries) = await CatalogReadsAsync(cluster);
        Assert.Equal(rows, laterRows);
        // The change feed is read ten times per lease, at most once per second.
        Assert.InRange(laterQueries - queries, 1, seconds + 2);
    }

    [Fact]
    public async Task A_silo_that_left_in_order_is_not_waited_for_and_a_killed_one_once()
    {
        await using var cluster = await CacheCluster.StartAsync(
            Shape with { Redis = false, Regions = ["europe", "asia"], Silos = ["europe.1", "asia.1", "asia.2", "asia.3"] });
        var keys = CacheCluster.KeysOfOneSlot("volume::left", 40);
        foreach (var key in keys)
        {
            await cluster.StoreAsync(key, "First");
            foreach (var region in cluster.Regions)
                await cluster.LookupAsync(region, key);
        }

        var byPlace = keys.ToLookup(key => HolderOf(cluster, key));
        var gone = byPlace["asia.2"].ToArray();
        var killed = byPlace["asia.3"].ToArray();
        Assert.True(gone.Length > 1 && killed.Length > 2, "The keys are not spread over the silos.");
        await cluster.StopSiloAsync("asia.2");
        Assert.InRange(await EditAsync(gone[0]), TimeSpan.Zero, Lease / 2);

        await cluster.KillSiloAsync("asia.3");
        await EditAsync(killed[0]);
        foreach (var key in killed.Skip(1))
            Assert.InRange(await EditAsync(key), TimeSpan.Zero, Lease / 2);

        async Task<TimeSpan> EditAsync(string key)
        {
            var began = Stopwatch.GetTimestamp();
            Assert.Equal(EditOutcome.Updated, await cluster.StoreAsync(key, "Second"));
            return Stopwatch.GetElapsedTime(began);
        }
    }

    [Fact]
    public async Task What_the_owner_knows_is_confirmed_without_a_read_and_what_was_written_by_others_is_not()
    {
        await using var cluster = await CacheCluster.StartAsync(Shape);
        const string key = "volume::known";
        await cluster.WriteAsync(key);
        await cluster.LookupAsync("europe", key);
        await cluster.LookupAsync("asia", key);
        await cluster.RedisHoldsAsync("asia", key);
        var reads = cluster.CatalogReadsOf(key);

        await DropAsync(cluster, "asia", key);
        var answer = await cluster.LookupAsync("asia", key);
        Assert.Equal((Tier.Redis, LookupFlags.None, reads), (answer.Tier, answer.Flags, cluster.CatalogReadsOf(key)));

        await cluster.WriteAsync(key, "Other");
        await Eventually.IsTrueAsync(
            async () => CacheCluster.TitleOf(await cluster.LookupAsync("asia", key)) == "Other",
            "the change feed has told the owner");
        Assert.Equal("Other", CacheCluster.TitleOf(await cluster.LookupAsync("europe", key)));
        Assert.True(cluster.CatalogReadsOf(key) > reads);
    }

    [Fact]
    public async Task An_edit_revokes_nobody_who_has_released_the_book()
    {
        await using var cluster = await CacheCluster.StartAsync(Shape with { Redis = false });
        const string key = "volume::released";
        await cluster.StoreAsync(key, "First");
        await cluster.LookupAsync("asia", key);
        var home = cluster.SiloOf("europe");
        await DropAsync(cluster, "asia", key);

        // The release travels with the next renewal.
        var title = 0;
        await Eventually.IsTrueAsync(
            async () =>
            {
                var revocations = (await cluster.StatisticsAsync(home.Name)).Revocations;
                await cluster.StoreAsync(key, $"{title++}");
                return (await cluster.StatisticsAsync(home.Name)).Revocations == revocations;
            },
            "nobody is registered for the book");
        Assert.Equal($"{title - 1}", CacheCluster.TitleOf(await cluster.LookupAsync("asia", key)));
    }

    [Fact]
    public async Task An_owner_that_was_replaced_commits_nothing_and_the_next_one_answers()
    {
        await using var cluster = await CacheCluster.StartAsync(Shape with { Redis = false });
        const string key = "volume::replaced";
        await cluster.StoreAsync(key, "First");
        await cluster.LookupAsync("asia", key);
        var slot = CacheCluster.SlotOf(key);
        var owner = cluster.OwnerOf(key);

        // As a second owner does on a silo that does not know of the first.
        var raised = (await cluster.Catalog.RaiseEpochsAsync([slot], CancellationToken.None))[0];
        var write = new CatalogWrite(Guid.NewGuid(), key, BookPayload.Encode(new Book("Late")), RowVersion.None);
        await Assert.ThrowsAsync<StaleEpochException>(
            () => cluster.Catalog.WriteAsync([write], new SlotEpoch(slot, raised - 1), CancellationToken.None));
        var edit = new Edit(Guid.NewGuid(), key, BookPayload.Encode(new Book("Second")));
        EditResult? result = null;
        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    result = (await owner.EditAsync([edit], CancellationToken.None))[0];
                    return true;
                }
                catch (StaleEpochException)
                {
                    return false;
                }
            },
            "the successor of the owner makes the edit");

        Assert.Equal((EditOutcome.Updated, 2), (result!.Value.Outcome, result.Value.Identity.Version));
        foreach (var region in cluster.Regions)
            Assert.Equal("Second", CacheCluster.TitleOf(await cluster.LookupAsync(region, key)));
    }

    [Fact]
    public async Task An_owner_that_is_replaced_while_the_outcome_of_its_write_is_unknown_keeps_nobody_waiting()
    {
        await using var cluster = await CacheCluster.StartAsync(Shape with { Redis = false });
        const string key = "volume::unknown";
        await cluster.StoreAsync(key, "First");
        var (catalog, owner) = (cluster.SiloOf("europe").Catalog, cluster.SiloOf("europe").Grains.GetGrain<IOwnerGrain>(
            OwnerGrain.KeyOf(CacheCluster.SlotOf(key))));
        var edit = new Edit(Guid.NewGuid(), key, BookPayload.Encode(new Book("Second")));
        var answers = catalog.HoldWriteAnswers();
        var loss = catalog.LoseWriteAnswers(new OutcomeUnknownException("the answer is lost"));
        var editing = owner.EditAsync([edit], CancellationToken.None);
        await Eventually.IsTrueAsync(() => catalog.Waiting == 1, "the commit is made");
        var others = catalog.Hold();
        answers.Dispose();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => editing);
        loss.Dispose();

        // It waits until the owner has raised its epoch. An answer to a ping that came later says that it does.
        var reading = owner.AcquireAsync(new(key, null, null, Fresh: false), CancellationToken.None).AsTask();
        await owner.PingAsync();
        await cluster.Catalog.RaiseEpochsAsync([CacheCluster.SlotOf(key)], CancellationToken.None);
        others.Dispose();

        await Assert.ThrowsAsync<StaleEpochException>(() => reading.WaitAsync(TimeSpan.FromSeconds(20)));
        await Eventually.IsTrueAsync(
            async () => CacheCluster.TitleOf(await cluster.LookupAsync("asia", key)) == "Second", "the successor answers");
    }

    [Fact]
    public async Task A_silo_that_stops_does_not_wait_for_an_edit_that_waits_for_a_lost_silo()
    {
        var settings = new Dictionary<string, string>(Shape.Settings) { ["Leases:Length"] = "00:01:00" };
        await using var cluster = await CacheCluster.StartAsync(
            Shape with { Redis = false, Regions = ["europe"], Silos = ["europe.1", "europe.2"], Settings = settings });
        const string key = "volume::stopping";
        await cluster.StoreAsync(key, "First");
        var place = "";
        // The first silo of the cluster may have had the owner before its place began.
        await Eventually.IsTrueAsync(
            () =>
            {
                var (owners, slot) = (cluster.Silos.First().Owners, OwnerGrain.KeyOf(CacheCluster.SlotOf(key)));
                place = owners.Of(slot)!.Name;
                return Task.FromResult(owners.Known(slot)?.Name == place);
            },
            "the owner is in its place");
        var other = cluster.Silo(place == "europe.1" ? "europe.2" : "europe.1");
        var owner = other.Grains.GetGrain<IOwnerGrain>(OwnerGrain.KeyOf(CacheCluster.SlotOf(key)));
        var lost = SiloAddress.New(IPAddress.Loopback, 1, 1).ToParsableString();
        var granted = await owner.AcquireAsync(new(key, lost, null, Fresh: false), CancellationToken.None);
        Assert.True(granted.Lease > TimeSpan.FromSeconds(50));
        var edit = new Edit(Guid.NewGuid(), key, BookPayload.Encode(new Book("Second")));
        var editing = owner.EditAsync([edit], CancellationToken.None);
        // Readers get the old row while the edit waits for the lost silo.
        await Eventually.IsTrueAsync(
            async () => (await owner.AcquireAsync(new(key, null, null, Fresh: true), CancellationToken.None)).OwnLease > TimeSpan.Zero,
            "the edit waits for the lost silo");
        var began = Stopwatch.GetTimestamp();

        await cluster.StopSiloAsync(place);

        await Assert.ThrowsAsync<StaleEpochException>(() => editing);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Equal("First", CacheCluster.TitleOf(await cluster.LookupAsync("europe", key)));
    }

    [Fact]
    public async Task An_owner_refuses_a_book_of_another_slot()
    {
        await using var cluster = await CacheCluster.StartAsync(Shape with { Redis = false });
        const string key = "volume::slot";
        var other = cluster.SiloOf("europe").Grains.GetGrain<IOwnerGrain>(OwnerGrain.KeyOf((CacheCluster.SlotOf(key) + 1) % 64));

        var error = await Assert.ThrowsAsync<InvalidPayloadException>(
            async () => await other.AcquireAsync(new(key, null, null, Fresh: false), CancellationToken.None));

        Assert.Contains("same number of slots", error.Message, StringComparison.Ordinal);
    }

    private static string HolderOf(CacheCluster cluster, string key) =>
        RendezvousOrder.Pick([.. cluster.Silos.First().Members.Of("asia")], key, rank: 1).Name;

    private static async Task DropAsync(CacheCluster cluster, string region, string key)
    {
        var entries = cluster.SiloOf(region).Handle.SiloHost.Services.GetRequiredService<LeasedEntryTable>();
        var entry = entries.Find(key);
        Assert.NotNull(entry);
        entry.Holder!.Evict(entry, EvictionReason.LeastRecentlyUsed);
        await Eventually.IsTrueAsync(() => entries.Find(key) is null, "the entry has left");
    }

    private static async Task<(long Rows, long Queries)> CatalogReadsAsync(CacheCluster cluster)
    {
        var all = await Task.WhenAll(cluster.Silos.Select(silo => cluster.StatisticsAsync(silo.Name)));
        return (all.Sum(one => one.CatalogRows), all.Sum(one => one.CatalogQueries));
    }
}
