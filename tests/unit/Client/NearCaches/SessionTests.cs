using OrleansCache.Client;

namespace OrleansCache.Tests.Client.NearCaches;

/// <summary>A client never sees an older version than it has seen.</summary>
public sealed class SessionTests
{
    private static readonly GetOptions Europe = new() { Region = "europe" };

    [Fact]
    public async Task An_answer_below_what_was_seen_is_asked_for_again_from_the_catalog()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.Lease = TimeSpan.Zero;
        await scene.GetAsync();
        scene.Cluster.OnLookup = (key, options, _) =>
        {
            var answer = scene.Cluster.Answer(key, options);
            return new(options.Fresh ? answer : answer with { Row = new(key, new(6, Guid.Empty), FakeCluster.Payload("an older one")) });
        };

        var result = await scene.GetAsync();

        Assert.Equal((7, 3), (result.Version, scene.Asked));
        Assert.Equal([0L, 7L, 7L], scene.Cluster.Lookups.Select(lookup => lookup.Options.AtLeast));
    }

    [Fact]
    public async Task After_a_restore_the_catalog_counts_even_with_a_lower_version()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        scene.Cluster.Revoke(ClientScene.Key);
        scene.Cluster.Put(ClientScene.Key, 3, "restored");

        Assert.Equal(3, (await scene.GetAsync()).Version);
        Assert.True(scene.Cluster.Lookups.Last().Options.Fresh);

        Assert.Equal((3, Tier.Near), ((await scene.GetAsync()).Version, (await scene.GetAsync()).Tier));
        scene.Cluster.Revoke(ClientScene.Key);
        await scene.GetAsync();
        Assert.False(scene.Cluster.Lookups.Last().Options.Fresh);
    }

    [Fact]
    public async Task What_was_seen_while_the_catalog_was_asked_is_not_reset_by_its_answer()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.Lease = TimeSpan.Zero;
        var answer = scene.HoldLookups();
        var fresh = scene.GetAsync(options: Europe with { Fresh = true });
        await scene.AskedAsync(1);
        scene.Cluster.OnLookup = null;
        // An edit that does not revoke this client's lease.
        scene.Cluster.Put(ClientScene.Key, 8);
        scene.Seen.Note(ClientScene.Key, 8);
        answer.SetResult();

        Assert.Equal(8, (await fresh).Version);
    }

    [Fact]
    public async Task An_edit_is_seen_by_its_author()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        scene.Cluster.OnEdit = (_, edits) =>
        {
            // Without a revocation, as if the silo could not reach this client, and even without waiting for its lease.
            scene.Cluster.Put(edits[0].Key, 8);
            return Task.FromResult<EditResult[]>([new(EditOutcome.Updated, scene.Cluster.RowOf(edits[0].Key).Identity)]);
        };

        await scene.Cache.PutAsync(ClientScene.Key, new Book("1985"));

        Assert.Equal((8, Tier.Silo), ((await scene.GetAsync()).Version, scene.Cluster.Lookups.Count == 2 ? Tier.Silo : Tier.Near));
        Assert.Equal(8, scene.Cluster.Lookups.Last().Options.AtLeast);
    }

    [Fact]
    public async Task A_caller_that_wants_a_later_version_is_not_given_what_is_kept()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        scene.Cluster.Put(ClientScene.Key, 8);

        Assert.Equal(7, (await scene.GetAsync(options: Europe with { AtLeast = 7 })).Version);
        Assert.Equal(8, (await scene.GetAsync(options: Europe with { AtLeast = 8 })).Version);
        Assert.Equal(8, scene.Cluster.Lookups.Last().Options.AtLeast);
        Assert.Equal((8, Tier.Near), ((await scene.GetAsync()).Version, (await scene.GetAsync()).Tier));
    }

    [Fact]
    public async Task A_version_that_does_not_exist_gets_what_the_catalog_has()
    {
        await using var scene = await ClientScene.JoinedAsync();

        Assert.Equal(7, (await scene.GetAsync(options: Europe with { AtLeast = 9 })).Version);
        Assert.Equal([false, true], scene.Cluster.Lookups.Select(lookup => lookup.Options.Fresh));
    }

    [Fact]
    public async Task A_removal_is_a_version_too()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.Remove(ClientScene.Key, 8);
        await scene.GetAsync();

        scene.Cluster.Revoke(ClientScene.Key);
        await scene.GetAsync();

        Assert.Equal(8, scene.Cluster.Lookups.Last().Options.AtLeast);
    }

    [Fact]
    public async Task What_was_seen_is_remembered_for_a_while_and_bounded()
    {
        await using var scene = new ClientScene();
        var seen = scene.Seen;
        seen.Note("a", 5);
        scene.Clock.Advance(SeenVersions.Memory - TimeSpan.FromMilliseconds(1));
        Assert.Equal(5, seen.Of("a"));
        seen.Note("b", 2);
        scene.Clock.Advance(SeenVersions.Memory);
        Assert.Equal(2, seen.Of("b"));
        scene.Clock.Advance(2 * SeenVersions.Memory);
        Assert.Equal((0, 0), (seen.Of("a"), seen.Of("b")));

        for (var i = 0; i < SeenVersions.Capacity; i++)
            seen.Note($"{i}", 1);
        Assert.Equal((0, 1), (seen.Of("0"), seen.Of($"{SeenVersions.Capacity - 1}")));
        Assert.Equal(1, seen.Of($"{SeenVersions.Capacity - (SeenVersions.Capacity / 2)}"));
    }

    [Fact]
    public void Keys_that_never_existed_take_no_place()
    {
        var seen = new SeenVersions(TimeProvider.System);
        seen.Note("a", 5);
        for (var i = 0; i < 2 * SeenVersions.Capacity; i++)
        {
            Assert.True(seen.TryPass($"unknown {i}", version: 0, fromCatalog: false, before: 0));
            seen.Note($"unknown {i}", 0);
        }

        Assert.Equal(5, seen.Of("a"));
        // A catalog that was restored knows nothing of it.
        Assert.True(seen.TryPass("a", version: 0, fromCatalog: true, before: 5));
        Assert.Equal(0, seen.Of("a"));
    }
}
