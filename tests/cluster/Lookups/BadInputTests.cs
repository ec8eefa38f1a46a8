using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Lookups;

[Collection(StoppedClusterCollection.Name)]
public sealed class BadInputTests(StoppedCluster cluster)
{
    public static TheoryData<string, string> BadKeys => new()
    {
        { "", "empty" },
        { "bad::\u0007", "U+0007" },
        { "bad::" + new string('x', 252), "257" },
    };

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task A_lookup_of_an_invalid_key_fails_with_the_reason(string key, string reason)
    {
        var error = await Assert.ThrowsAsync<InvalidKeyException>(() => cluster.LookupAsync("asia", key));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task A_book_with_such_a_key_is_not_stored(string key, string reason)
    {
        var error = await Assert.ThrowsAsync<InvalidKeyException>(
            () => cluster.OwnerOf("any").StoreAsync([new(key, BookPayload.Encode(new Book("A book")))], CancellationToken.None));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_with_a_book_of_another_slot_is_refused_and_nothing_of_it_is_stored()
    {
        var own = CacheCluster.KeysOfOneSlot("bad::own ", 1)[0];
        var foreign = Enumerable.Range(0, 100).Select(i => $"bad::foreign {i}")
            .First(key => CacheCluster.SlotOf(key) != CacheCluster.SlotOf(own));

        var error = await Assert.ThrowsAsync<InvalidPayloadException>(
            () => cluster.OwnerOf(own).StoreAsync(
                [CacheCluster.Write(own, "A book"), CacheCluster.Write(foreign, "Another")], CancellationToken.None));

        Assert.Contains($"slot {CacheCluster.SlotOf(foreign)}", error.Message, StringComparison.Ordinal);
        var rows = await cluster.Catalog.ReadAsync([own, foreign], CancellationToken.None);
        Assert.All(rows, row => Assert.Equal(CachedRow.Never(row.Key), row));
    }

    [Fact]
    public async Task A_payload_over_64_KiB_is_refused()
    {
        var payload = System.Text.Encoding.UTF8.GetBytes($$"""{"title":"{{new string('x', BookPayload.MaxBytes)}}"}""");

        var error = await Assert.ThrowsAsync<InvalidPayloadException>(
            () => cluster.OwnerOf("bad::large").StoreAsync([new("bad::large", payload)], CancellationToken.None));

        Assert.Contains("65,536", error.Message, StringComparison.Ordinal);
        Assert.False((await cluster.LookupAsync("asia", "bad::large")).Row.Exists);
    }

    [Fact]
    public async Task A_payload_that_does_not_encode_a_book_is_refused()
    {
        await Assert.ThrowsAsync<InvalidPayloadException>(
            () => cluster.OwnerOf("bad::nonsense").StoreAsync([new("bad::nonsense", "{}"u8.ToArray())], CancellationToken.None));

        Assert.False((await cluster.LookupAsync("asia", "bad::nonsense")).Row.Exists);
    }

    [Fact]
    public async Task The_largest_book_is_stored_and_read_through_all_tiers()
    {
        var book = new Book("Large", Description: new string('x', BookPayload.MaxBytes - 100));
        await cluster.OwnerOf("bad::largest").StoreAsync([new("bad::largest", BookPayload.Encode(book))], CancellationToken.None);

        foreach (var region in cluster.Regions)
            Assert.Equal(book, BookPayload.Decode((await cluster.LookupAsync(region, "bad::largest")).Row.Payload));
        await cluster.RedisHoldsAsync("asia", "bad::largest");
        cluster.SiloOf("asia").Entries.Drop(["bad::largest"]);
        var again = await cluster.LookupAsync("asia", "bad::largest");
        Assert.Equal((Tier.Redis, book), (again.Tier, BookPayload.Decode(again.Row.Payload)));
    }

    [Fact]
    public async Task A_lookup_in_a_region_that_is_not_configured_names_it()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => cluster.LookupAsync("mars", "bad::region"));
        Assert.Contains("\"mars\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("europe, asia, northamerica", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_router_of_a_region_that_is_not_configured_names_it()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => cluster.Router("mars").GetRingAsync());
        Assert.Contains("\"mars\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_with_letters_of_all_kinds_are_found()
    {
        string[] keys = ["bad::война и мир", "bad::紅樓夢", "bad::😀", "bad::a/b?c=d&e#f%20+", " bad", "BAD::A", "bad::a"];
        foreach (var key in keys)
        {
            await cluster.WriteAsync(key, key);
            Assert.Equal(key, CacheCluster.TitleOf(await cluster.LookupAsync("asia", key)));
        }
    }
}
