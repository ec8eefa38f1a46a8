using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Entries;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Leases;

/// <summary>What becomes of the entries that silos and clients hold when their slot has a new owner.</summary>
public sealed class ConfirmationTests
{
    private static readonly ClusterShape Shape = new()
    {
        Redis = false,
        Regions = ["europe", "asia"],
        Silos = ["europe.1", "asia.1"],
        Settings = new Dictionary<string, string>
        {
            // An owner that is slow, as on a busy machine, is not unreachable.
            ["OwnerBudget"] = "00:00:20",
            ["OwnerPatience"] = "00:00:20",
        },
    };

    [Fact]
    public async Task A_new_owner_confirms_what_silos_hold_with_few_queries_before_anybody_looks_it_up()
    {
        await using var cluster = await CacheCluster.StartAsync(Shape);
        var keys = CacheCluster.KeysOfOneSlot("confirmed", 300);
        await cluster.WriteAsync(keys);
        await Task.WhenAll(keys.Select(key => cluster.LookupAsync("asia", key)));
        var (home, silo) = (cluster.SiloOf("europe"), cluster.SiloOf("asia"));
        var clock = silo.Handle.SiloHost.Services.GetRequiredService<Clock>();
        var reads = keys.Sum(cluster.CatalogReadsOf);
        var queries = home.Catalog.Queries;
        await cluster.WriteAsync(keys[0], "Changed");

        // As a second owner does on a silo that does not know of the first.
        var raised = (await cluster.Catalog.RaiseEpochsAsync([CacheCluster.SlotOf(keys[0])], CancellationToken.None))[0];

        await Eventually.IsTrueAsync(
            () => Task.FromResult(keys.Skip(1).All(key => silo.Entries.Find(key) is { } entry
                && entry.Volume.Generation.Epoch > raised && entry.UsableUntil > clock.Now)),
            "the new owner has confirmed what the silo holds");
        Assert.InRange(home.Catalog.Queries - queries, 1, 20);
        Assert.True(keys.Sum(cluster.CatalogReadsOf) - reads >= keys.Length - 1);
        reads = keys.Sum(cluster.CatalogReadsOf);
        foreach (var key in keys.Skip(1))
            Assert.Equal((Tier.Silo, "A book"), Seen(await cluster.LookupAsync("asia", key)));
        Assert.Equal(reads, keys.Sum(cluster.CatalogReadsOf));
        Assert.Equal("Changed", Seen(await cluster.LookupAsync("asia", keys[0])).Title);
    }

    [Fact]
    public async Task A_book_that_is_being_edited_is_not_confirmed()
    {
        await using var cluster = await CacheCluster.StartAsync(Shape);
        const string key = "confirmed::edited";
        await cluster.StoreAsync(key, "First");
        var silo = cluster.SiloOf("asia");
        var row = (await cluster.LookupAsync("asia", key)).Row;
        var owner = silo.Grains.GetGrain<Owners.ILeaseOwner>(Owners.OwnerGrain.KeyOf(CacheCluster.SlotOf(key)));
        LeaseRequest[] request = [new(key, silo.Address.ToParsableString(), row.Identity, Fresh: false)];
        Assert.NotNull((await owner.ConfirmAsync(request))[0]);
        var home = cluster.SiloOf("europe").Catalog;
        var answers = home.HoldWriteAnswers();

        var editing = cluster.StoreAsync(key, "Second");
        await Eventually.IsTrueAsync(() => home.Waiting == 1, "the edit has been committed, and nobody knows");
        Assert.Null((await owner.ConfirmAsync(request))[0]);
        answers.Dispose();

        Assert.Equal(EditOutcome.Updated, await editing);
        Assert.Null((await owner.ConfirmAsync(request))[0]);
    }

    [Fact]
    public async Task A_client_is_registered_for_the_rows_that_its_silo_has_too()
    {
        await using var cluster = await CacheCluster.StartAsync(Shape);
        const string key = "confirmed::near";
        await cluster.WriteAsync(key);
        var row = (await cluster.LookupAsync("asia", key)).Row.Identity;
        var (client, observer) = (Guid.NewGuid(), new RevokedKeys());
        var source = cluster.Grains.GetGrain<INearSource>(cluster.SiloOf("asia").Address.ToParsableString());
        HeldRow[] rows = [new(key, row), new(key, row with { Version = row.Version + 1 }), new("confirmed::unknown", row)];
        Assert.Null(await source.ConfirmAsync(client, rows, released: 0));
        await source.JoinAsync(client, cluster.Grains.CreateObjectReference<INearObserver>(observer));

        var answers = await source.ConfirmAsync(client, rows, released: 0);

        Assert.Equal([true, false, false], answers!.Select(answer => answer.IsHeld));
        Assert.NotEqual(LeaseGeneration.None, answers![0].Generation);
        Assert.True(answers[0].Lease > TimeSpan.Zero);
        Assert.Equal(1, (await cluster.Router("asia").PeekAsync(key)).Silos[0].Clients);
        await cluster.StoreAsync(key, "Second");
        Assert.Contains(key, observer.All);
        Assert.False((await source.ConfirmAsync(client, rows, released: 0))![0].IsHeld);
        await Assert.ThrowsAsync<InvalidKeyException>(() => source.ConfirmAsync(client, [new("", row)], released: 0));
        GC.KeepAlive(observer);
    }

    private static (Tier Tier, string? Title) Seen(LookupAnswer answer) => (answer.Tier, CacheCluster.TitleOf(answer));
}
