using System.Diagnostics;
using OrleansCache.Owners;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;
using Xunit.Abstractions;

namespace OrleansCache.Tests.Placement;

public sealed class LostHomeTests(ITestOutputHelper output)
{
    [Fact]
    public async Task When_the_home_region_is_lost_lookups_go_on_elsewhere_and_the_owners_move_to_the_next_region()
    {
        await using var cluster = await CacheCluster.StartAsync(new ClusterShape
        {
            Regions = ["asia", "europe"],
            Silos = ["asia.1", "europe.1"],
            Redis = false,
        });
        await cluster.WriteAsync("home::before");
        await Eventually.IsTrueAsync(
            async () => (await cluster.LookupAsync("europe", "home::before")).Tier is Tier.Silo, "the book is in memory");
        Assert.NotEqual(0, cluster.Silo("asia.1").Catalog.ReadsOf("home::before"));

        await cluster.KillSiloAsync("asia.1");

        // Until the loss of the home region is detected, lookups are answered without an owner.
        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    return (await cluster.LookupAsync("europe", "home::before")).Tier is Tier.Silo;
                }
                catch (SiloUnavailableException)
                {
                    // The test's client may be connected to the silo that was killed.
                    return false;
                }
            },
            "europe answers from its own memory");
        var key = "home::after 0";
        await Eventually.IsTrueAsync(
            async () =>
            {
                key = $"home::after {Guid.NewGuid()}";
                await cluster.WriteAsync(key, "Still there");
                var answer = await cluster.LookupAsync("europe", key);
                Assert.Equal("Still there", CacheCluster.TitleOf(answer));
                return answer.Flags is LookupFlags.None;
            },
            "the owners live in europe");
        Assert.Equal(1, cluster.Silo("europe.1").Catalog.ReadsOf(key));
        Assert.Equal(EditOutcome.Updated, await cluster.StoreAsync(key, "Changed"));
        Assert.Equal("Changed", CacheCluster.TitleOf(await cluster.LookupAsync("europe", key)));
        var error = await Assert.ThrowsAnyAsync<Exception>(() => cluster.LookupAsync("asia", key));
        Assert.Contains("\"asia\" has no silo now", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_home_region_is_there_the_owners_move_home_and_nothing_is_flagged_meanwhile()
    {
        await using var cluster = await CacheCluster.StartAsync(new ClusterShape
        {
            Regions = ["asia", "europe"],
            Silos = ["europe.1", "asia.1"],
            SilosAtFirst = 1,
            Redis = false,
        });
        var keys = Enumerable.Range(0, 40).Select(i => $"home::{i}").ToArray();
        await cluster.WriteAsync(keys);
        foreach (var key in keys)
            Assert.Equal(LookupFlags.None, (await cluster.LookupAsync("europe", key)).Flags);
        Assert.All(keys, key => Assert.Equal(1, cluster.Silo("europe.1").Catalog.ReadsOf(key)));

        await cluster.StartSiloAsync();

        var owned = new HashSet<int>();
        var number = 0;
        await Eventually.IsTrueAsync(
            async () =>
            {
                // A key in no cache, so that its owner reads it.
                var key = $"home::new {number++}";
                await cluster.WriteAsync(key);
                var answer = await cluster.LookupAsync("europe", key);
                Assert.Equal(LookupFlags.None, answer.Flags);
                if (cluster.Silo("asia.1").Catalog.ReadsOf(key) == 1)
                    owned.Add(CacheCluster.SlotOf(key));
                return owned.Count == 64;
            },
            "asia has the owners of all slots");
        Assert.Equal(EditOutcome.Updated, await cluster.StoreAsync(keys[0], "Changed"));
        Assert.Equal("Changed", CacheCluster.TitleOf(await cluster.LookupAsync("europe", keys[0])));
    }

    [Fact]
    public async Task After_a_rolling_restart_of_the_home_region_each_owner_is_in_its_place_and_they_are_spread()
    {
        await using var cluster = await CacheCluster.StartAsync(new ClusterShape
        {
            Regions = ["europe"],
            Silos = ["europe.1", "europe.2", "europe.1", "europe.2"],
            SilosAtFirst = 2,
            Redis = false,
        });
        await AreInPlaceAsync();
        foreach (var silo in (string[])["europe.1", "europe.2"])
        {
            await cluster.StopSiloAsync(silo);
            await Eventually.IsTrueAsync(() => cluster.Silos.Single().OwnersHere == 64, "the other silo has all owners");
            await cluster.StartSiloAsync();
        }

        var began = Stopwatch.GetTimestamp();
        await AreInPlaceAsync();
        output.WriteLine($"{Stopwatch.GetElapsedTime(began)} after the last silo was ready");

        // By the rendezvous order of 64 slots and two silos, which is the same in each run.
        Task AreInPlaceAsync() => Eventually.IsTrueAsync(
            () => cluster.Silos.All(silo => silo.OwnersHere == Belong(silo) && silo.OwnersHere is > 20 and < 44),
            "each owner is in its place");

        static int Belong(SiloAccess silo) =>
            Enumerable.Range(0, 64).Count(slot => silo.Owners.Of(OwnerGrain.KeyOf(slot))?.Name == silo.Name);
    }
}
