using OrleansCache.Catalogs;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Administration;

/// <summary>Reading the whole catalog in pages.</summary>
public sealed class CatalogPageTests
{
    private static readonly ClusterShape Shape = new() { Regions = ["europe"], Silos = ["europe.1"], Redis = false };

    [Fact]
    public async Task Pages_are_small_and_have_every_book_once_in_the_order_of_the_keys()
    {
        await using var cluster = await CacheCluster.StartAsync(Shape);
        var grain = cluster.Grains.GetGrain<ICatalogGrain>(0);
        var empty = await grain.ReadPageAsync(null);
        Assert.Equal((0, null), (empty.Books.Length, empty.Next));

        // Full pages of small books, and large ones, whose pages end by their size: in the middle, and where there are fewer keys left than
        // a page has.
        var large = BookPayload.Encode(new Book("Large", Description: new string('x', 60_000)));
        var small = BookPayload.Encode(new Book("Small"));
        KeyedPayload[] books =
        [
            .. Enumerable.Range(0, 500).Select(i => new KeyedPayload($"book::a{i}", small)),
            .. Enumerable.Range(0, 200).Select(i => new KeyedPayload($"book::b{i}", large)),
            .. Enumerable.Range(0, 500).Select(i => new KeyedPayload($"book::c{i}", small)),
            .. Enumerable.Range(0, 60).Select(i => new KeyedPayload($"book::d{i}", large)),
            new("book::\U0001F600", small),
            new("book::\uFFFD", small),
            new("no prefix", small),
        ];
        await cluster.Catalog.StoreAsync(books, CancellationToken.None);
        await cluster.Catalog.StoreAsync([new("book::removed", small)], CancellationToken.None);
        var row = (await cluster.Catalog.ReadAsync(["book::removed"], CancellationToken.None))[0];
        await cluster.Catalog.WriteAsync([new(Guid.NewGuid(), row.Key, null, row.Identity)], null, CancellationToken.None);

        var read = new List<KeyedPayload>();
        string? after = null;
        do
        {
            var page = await grain.ReadPageAsync(after);
            Assert.InRange(page.Books.Sum(book => book.Payload.Length), 1, 4 * 1024 * 1024);
            read.AddRange(page.Books);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(await cluster.Catalog.ListKeysAsync(null, 10_000, CancellationToken.None), read.Select(book => book.Key));
        Assert.Equal(
            books.OrderBy(book => book.Key, StringComparer.Ordinal).Select(book => (book.Key, book.Payload.Length)),
            read.OrderBy(book => book.Key, StringComparer.Ordinal).Select(book => (book.Key, book.Payload.Length)));
    }
}
