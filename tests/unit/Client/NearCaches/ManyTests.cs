using OrleansCache.Client;

namespace OrleansCache.Tests.Client.NearCaches;

/// <summary>Many lookups in few messages.</summary>
public sealed class ManyTests
{
    private static readonly GetOptions Europe = new() { Region = "europe" };

    [Fact]
    public async Task Those_that_are_not_kept_are_asked_for_in_one_message_and_come_in_the_keys_order()
    {
        await using var scene = await ClientScene.JoinedAsync();
        await scene.GetAsync();
        scene.Cluster.Put("book::b", 2);
        string[] keys = ["book::b", ClientScene.Key, "book::none", "book::b"];

        var results = await scene.Cache.GetManyAsync(keys, Europe);

        Assert.Equal(keys, results.Select(result => result.Key));
        Assert.Equal([2L, 7L, 0L, 2L], results.Select(result => result.Version));
        Assert.Equal([Tier.Silo, Tier.Near, Tier.Silo, Tier.Silo], results.Select(result => result.Tier));
        Assert.Equal(["book::b", "book::none"], Assert.Single(scene.Cluster.Batches).Keys.Order());
        Assert.All(await scene.Cache.GetManyAsync(keys, Europe), result => Assert.Equal(Tier.Near, result.Tier));
        Assert.Single(scene.Cluster.Batches);
    }

    [Fact]
    public async Task What_a_message_could_not_answer_is_looked_up_by_itself()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.OnBatch = (_, keys) => Task.FromResult<LookupAnswer?[]>(
            [.. keys.Select(key => key == "book::1" ? null : scene.Cluster.Answer(key, default))]);

        await scene.Cache.GetManyAsync(["book::0", "book::1", "book::2"], Europe);

        Assert.Equal("book::1", Assert.Single(scene.Cluster.Lookups).Grain.Book);
    }

    [Fact]
    public async Task So_is_what_was_revoked_on_its_way()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.OnBatch = (_, books) =>
        {
            LookupAnswer?[] answers = [.. books.Select(book => scene.Cluster.Answer(book, default))];
            scene.Cluster.Revoke(ClientScene.Key);
            scene.Cluster.Put(ClientScene.Key, 8);
            return Task.FromResult(answers);
        };

        var results = await scene.Cache.GetManyAsync([ClientScene.Key, "book::other"], Europe);

        Assert.Equal(8, results[0].Version);
        Assert.Equal(ClientScene.Key, Assert.Single(scene.Cluster.Lookups).Grain.Book);
    }

    [Fact]
    public async Task A_region_that_fails_is_followed_by_the_next_one()
    {
        await using var scene = await ClientScene.JoinedAsync();
        scene.Cluster.OnBatch = (region, books) => region == "europe"
            ? Task.FromException<LookupAnswer?[]>(new RegionUnavailableException("europe is not connected."))
            : Task.FromResult<LookupAnswer?[]>([.. books.Select(book => scene.Cluster.Answer(book, default))]);

        var result = Assert.Single(await scene.Cache.GetManyAsync(["book::a"], Europe));

        Assert.Equal(["europe", "asia"], scene.Cluster.Batches.Select(message => message.Region));
        Assert.Contains("not connected", Assert.Single(result.FailedAttempts).Reason);
    }

    [Fact]
    public async Task Very_many_go_in_several_messages()
    {
        await using var scene = await ClientScene.JoinedAsync();
        string[] keys = [.. Enumerable.Range(0, 2_500).Select(i => $"book::{i}")];

        Assert.Equal(keys, (await scene.Cache.GetManyAsync(keys, Europe)).Select(result => result.Key));
        Assert.Equal([500, 1_000, 1_000], scene.Cluster.Batches.Select(message => message.Keys.Length).Order());
    }

    [Fact]
    public async Task A_key_that_cannot_be_one_is_sent_nowhere()
    {
        await using var scene = await ClientScene.JoinedAsync();

        await Assert.ThrowsAsync<InvalidKeyException>(() => scene.Cache.GetManyAsync(["book::a", ""], Europe));
        Assert.Empty(scene.Cluster.Batches);
        Assert.Empty(await scene.Cache.GetManyAsync([], Europe));
    }
}
