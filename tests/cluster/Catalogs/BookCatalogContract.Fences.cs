using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>Fences: after a fence, an earlier write with an unknown outcome can no longer take effect.</summary>
public abstract partial class BookCatalogContract
{
    [CatalogFact]
    public async Task A_fence_raises_the_version_sets_a_fresh_tag_and_leaves_the_payload()
    {
        var made = (await WriteAsync(Write("book::a", "A"), Write("book::b", null))).Select(result => result.Row).ToArray();

        var fenced = await FenceAsync("book::b", "book::a", "book::b");

        Assert.Equal(["book::b", "book::a", "book::b"], fenced.Select(row => row.Key));
        AssertSame(fenced[0], fenced[2]);
        foreach (var (before, after) in new[] { (made[0], fenced[1]), (made[1], fenced[0]) })
        {
            AssertSame(before with { Identity = after.Identity }, after);
            Assert.Equal(before.Identity.Version + 1, after.Identity.Version);
            Assert.NotEqual(before.Identity.Tag, after.Identity.Tag);
            AssertSame(after, await ReadOneAsync(after.Key));
        }

        Assert.NotEqual(fenced[0].Identity.Tag, fenced[1].Identity.Tag);
    }

    [CatalogFact]
    public async Task Fencing_a_book_that_never_existed_leaves_a_row_without_a_book()
    {
        var fenced = Assert.Single(await FenceAsync("book::a"));

        Assert.Equal(("book::a", 1, false), (fenced.Key, fenced.Identity.Version, fenced.Exists));
        Assert.NotEqual(Guid.Empty, fenced.Identity.Tag);
        AssertSame(fenced, await ReadOneAsync("book::a"));
        Assert.Equal(CatalogWriteOutcome.Mismatch, (await WriteOneAsync(Write("book::a", "late"))).Outcome);
        Assert.Equal(CatalogWriteOutcome.Written, (await WriteOneAsync(Write("book::a", "A", fenced.Identity))).Outcome);
    }

    [CatalogFact]
    public async Task A_write_that_arrives_after_a_fence_is_a_conflict()
    {
        var made = await WriteOneAsync(Write("book::a", "first"));
        var lost = Write("book::a", "late", made.Identity);
        var fenced = Assert.Single(await FenceAsync("book::a"));

        var result = await WriteOneAsync(lost);

        Assert.Equal((CatalogWriteOutcome.Mismatch, fenced.Identity), (result.Outcome, result.Identity));
        AssertSame(fenced, await ReadOneAsync("book::a"));
    }

    [CatalogFact]
    public async Task Thousands_of_rows_are_fenced_at_once()
    {
        var keys = Enumerable.Range(0, 5_000).Select(number => $"book::{number}").ToArray();
        await StoreAsync([.. keys.Take(2_500).Select(key => Book(key, key))]);

        var fenced = await FenceAsync([.. keys.Reverse()]);

        Assert.Equal(keys.Reverse(), fenced.Select(row => row.Key));
        Assert.All(fenced.Skip(2_500), row => Assert.Equal((2, row.Key), (row.Identity.Version, TitleOf(row))));
        Assert.All(fenced.Take(2_500), row => Assert.Equal((1, false), (row.Identity.Version, row.Exists)));
    }
}
