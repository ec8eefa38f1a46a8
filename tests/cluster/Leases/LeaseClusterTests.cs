using System.Diagnostics;
using OrleansCache.Owners;
using OrleansCache.Placement;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Leases;

/// <summary>Leases in a cluster of three regions, short enough for tests to see them expire.</summary>
public sealed class LeaseClusterTests(LeaseClusterTests.ShortLeases cluster) : IClassFixture<LeaseClusterTests.ShortLeases>
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

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

    private readonly CacheCluster _cluster = cluster;

    [Fact]
    public async Task Every_lookup_that_starts_after_an_edit_was_acknowledged_sees_it_in_every_region()
    {
        const string key = "lease::edited";
        for (var version = 1; version <= 40; version++)
        {
            var result = await EditAsync(new Edit(Guid.NewGuid(), key, Payload($"{version}")));
            Assert.Equal(version, result.Identity.Version);
            foreach (var region in _cluster.Regions)
            {
                var answer = await _cluster.LookupAsync(region, key);
                Assert.Equal((version, LookupFlags.None), (answer.Row.Identity.Version, answer.Flags));
            }
        }
    }

    [Fact]
    public async Task A_removed_book_is_gone_everywhere_and_comes_back_with_a_higher_version()
    {
        const string key = "lease::removed";
        await EditAsync(new Edit(Guid.NewGuid(), key, Payload("First")));
        await WarmAsync(key);

        var removed = await EditAsync(new Edit(Guid.NewGuid(), key, null));
        Assert.Equal((EditOutcome.Removed, 2), (removed.Outcome, removed.Identity.Version));
        foreach (var region in _cluster.Regions)
            Assert.False((await _cluster.LookupAsync(region, key)).Row.Exists);

        var again = await EditAsync(new Edit(Guid.NewGuid(), key, Payload("Again"), ExpectedVersion: 0));
        Assert.Equal(3, again.Identity.Version);
        foreach (var region in _cluster.Regions)
            Assert.Equal(3, (await _cluster.LookupAsync(region, key)).Row.Identity.Version);
    }

    [Fact]
    public async Task A_plain_SQL_edit_is_soon_seen_everywhere_and_stays_visible()
    {
        const string key = "lease::sql";
        await EditAsync(new Edit(Guid.NewGuid(), key, Payload("Ours")));
        await WarmAsync(key);

        await _cluster.WriteAsync(key, "Theirs");

        await Eventually.IsTrueAsync(
            async () => (await Task.WhenAll(_cluster.Regions.Select(region => _cluster.LookupAsync(region, key))))
                .All(answer => CacheCluster.TitleOf(answer) == "Theirs"),
            "every region has what was written past the cache");
        foreach (var region in _cluster.Regions)
            Assert.Equal("Theirs", CacheCluster.TitleOf(await _cluster.LookupAsync(region, key)));
    }

    [Fact]
    public async Task A_conditional_edit_whose_author_has_not_seen_the_last_one_changes_nothing()
    {
        const string key = "lease::conflict";
        var first = await EditAsync(new Edit(Guid.NewGuid(), key, Payload("First")));
        await EditAsync(new Edit(Guid.NewGuid(), key, Payload("Second"), ExpectedVersion: 1));

        var lost = await EditAsync(new Edit(Guid.NewGuid(), key, Payload("Lost"), ExpectedVersion: 1));
        var wrongTag = await EditAsync(new Edit(Guid.NewGuid(), key, Payload("Lost"), ExpectedVersion: 2, ExpectedTag: first.Identity.Tag));
        var notNew = await EditAsync(new Edit(Guid.NewGuid(), key, Payload("Lost"), ExpectedVersion: 0));

        Assert.All([lost, wrongTag, notNew], result => Assert.Equal((EditOutcome.Conflict, 2), (result.Outcome, result.Identity.Version)));
        Assert.Equal("Second", CacheCluster.TitleOf(await _cluster.LookupAsync("asia", key)));
    }

    [Fact]
    public async Task Repeating_an_edit_is_answered_with_its_first_result_whatever_happened_since()
    {
        const string key = "lease::repeated";
        var edit = new Edit(Guid.NewGuid(), key, Payload("First"), ExpectedVersion: 0);
        var made = await EditAsync(edit);

        Assert.Equal(made, await EditAsync(edit));
        await EditAsync(new Edit(Guid.NewGuid(), key, Payload("Second")));
        Assert.Equal(made, await EditAsync(edit));
        Assert.Equal("Second", CacheCluster.TitleOf(await _cluster.LookupAsync("asia", key)));
    }

    [Fact]
    public async Task Without_the_catalog_an_entry_is_used_under_its_lease_then_flagged_and_a_caller_may_refuse_that()
    {
        const string key = "lease::stale";
        await EditAsync(new Edit(Guid.NewGuid(), key, Payload("Known")));
        await WarmAsync(key);
        var refusals = _cluster.Silos.Select(silo => silo.Catalog.Refuse("the catalog is down")).ToArray();

        await Eventually.IsTrueAsync(async () => (await _cluster.LookupAsync("asia", key)).Flags is LookupFlags.Stale, "the lease ends");
        var stale = await _cluster.LookupAsync("asia", key);
        Assert.Equal(("Known", LookupFlags.Stale), (CacheCluster.TitleOf(stale), stale.Flags));
        var refused = await Assert.ThrowsAsync<LookupFailedException>(() => _cluster.LookupAsync("asia", key, requireCoherent: true));
        Assert.Contains("Stale", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CatalogUnavailableException>(() => EditAsync(new Edit(Guid.NewGuid(), key, Payload("Not now"))));

        foreach (var refusal in refusals)
            refusal.Dispose();
        await Eventually.IsTrueAsync(
            async () => (await _cluster.LookupAsync("asia", key)).Flags is LookupFlags.None,
            "the owner is asked again");
    }

    [Fact]
    public async Task No_Redis_goes_back_to_an_older_version_while_a_book_is_edited_and_read()
    {
        const string key = "lease::redis";
        await EditAsync(new Edit(Guid.NewGuid(), key, Payload("0")));
        await WarmAsync(key);
        var seen = new Dictionary<string, long>();
        foreach (var region in _cluster.Regions)
        {
            await Eventually.IsTrueAsync(
                async () => await _cluster.VersionInRedisAsync(region, key) is not null,
                $"the Redis of {region} has the book");
            seen[region] = 1;
        }

        for (var i = 1; i <= 30; i++)
        {
            var lookups = _cluster.Regions.SelectMany(region => Enumerable.Range(0, 5).Select(_ => _cluster.LookupAsync(region, key)));
            var readers = Task.WhenAll(lookups);
            await EditAsync(new Edit(Guid.NewGuid(), key, i % 7 == 0 ? null : Payload($"{i}")));
            await readers;
            foreach (var region in _cluster.Regions)
            {
                var version = await _cluster.VersionInRedisAsync(region, key) ?? seen[region];
                Assert.True(version >= seen[region], $"The Redis of {region} went back from {seen[region]} to {version}.");
                seen[region] = version;
            }
        }

        Assert.All(seen.Values, version => Assert.NotEqual(1, version));
    }

    [Fact]
    public async Task An_edit_writes_once_and_a_repetition_after_other_edits_looks_its_result_up_once()
    {
        const string key = "lease::cost";
        var edit = new Edit(Guid.NewGuid(), key, Payload("First"));
        var writes = Writes();
        var made = await EditAsync(edit);
        Assert.Equal(1, Writes() - writes);

        await EditAsync(new Edit(Guid.NewGuid(), key, Payload("Second"), ExpectedVersion: 1));
        Assert.Equal(2, Writes() - writes);
        // The condition of the edit no longer holds, so the repetition looks like a conflict.
        Assert.Equal(made, await EditAsync(edit with { ExpectedVersion = 0 }));
        Assert.Equal(3, Writes() - writes);

        int Writes() => _cluster.Silos.Sum(silo => silo.Catalog.Writes);
    }

    [Fact]
    public async Task A_silo_that_holds_only_pushed_rows_is_revoked_even_after_another_silo_has_joined()
    {
        const string key = "lease::pushed";
        await EditAsync(new Edit(Guid.NewGuid(), key, Payload("First")));
        await _cluster.LookupAsync("asia", key);

        // Each edit gives asia a new lease, so asia itself requests none for longer than a lease.
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < 1.5 * Lease)
            await EditAsync(new Edit(Guid.NewGuid(), key, Payload($"{Stopwatch.GetTimestamp()}")));
        await _cluster.LookupAsync("northamerica", key);
        await EditAsync(new Edit(Guid.NewGuid(), key, Payload("Last")));

        Assert.Equal("Last", CacheCluster.TitleOf(await _cluster.LookupAsync("asia", key)));
    }

    [Fact]
    public async Task When_the_owners_silo_is_lost_edits_continue_and_no_answer_is_older_than_an_acknowledged_edit()
    {
        await using var cluster = await CacheCluster.StartAsync(
            Shape with { Silos = ["europe.1", "asia.1", "europe.2"], Regions = ["europe", "asia"], Redis = false });
        var home = cluster.Silos.First().Members.Of(cluster.Home).ToArray();
        var key = Enumerable.Range(0, int.MaxValue).Select(i => $"lease::lost {i}")
            .First(key => RendezvousOrder.Pick(home, OwnerGrain.KeyOf(CacheCluster.SlotOf(key)), rank: 1).Name == "europe.2");
        var owner = cluster.OwnerOf(key);
        // The owner may have been activated before europe.2 was there; then it moves.
        await Eventually.IsTrueAsync(
            async () =>
            {
                await owner.EditAsync([new(Guid.NewGuid(), key, Payload("Before"))], CancellationToken.None);
                return cluster.Silo("europe.2").Catalog.Writes > 0;
            },
            "the owner is on its silo");
        foreach (var region in cluster.Regions)
            await cluster.LookupAsync(region, key);

        await cluster.KillSiloAsync("europe.2");

        var edit = new Edit(Guid.NewGuid(), key, Payload("After"));
        EditResult result = default;
        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    result = (await owner.EditAsync([edit], CancellationToken.None))[0];
                    return true;
                }
                catch (Exception error) when (error is not CacheException)
                {
                    return false;
                }
            },
            "the slot has an owner again");
        Assert.Equal(2, result.Identity.Version);
        foreach (var region in cluster.Regions)
        {
            await Eventually.IsTrueAsync(
                async () =>
                {
                    try
                    {
                        var answer = await cluster.LookupAsync(region, key);
                        Assert.Equal("After", CacheCluster.TitleOf(answer));
                        return true;
                    }
                    catch (Exception error) when (error is OrleansException or TimeoutException)
                    {
                        return false;
                    }
                },
                $"{region} answers");
        }
    }

    private async Task<EditResult> EditAsync(Edit edit) => (await _cluster.OwnerOf(edit.Key).EditAsync([edit], CancellationToken.None))[0];

    private async Task WarmAsync(string key)
    {
        foreach (var region in _cluster.Regions)
            await _cluster.LookupAsync(region, key);
    }

    private static byte[] Payload(string title) => BookPayload.Encode(new Book(title));

    /// <summary>One cluster for all these tests; each uses keys of its own.</summary>
    public sealed class ShortLeases() : CacheCluster(Shape), IAsyncLifetime
    {
        Task IAsyncLifetime.InitializeAsync() => StartAsync();

        Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
    }
}
