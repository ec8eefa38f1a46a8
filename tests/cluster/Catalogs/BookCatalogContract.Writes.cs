using System.Text;
using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>Conditional edits.</summary>
public abstract partial class BookCatalogContract
{
    [CatalogFact]
    public async Task A_book_is_created_changed_removed_and_created_again_and_its_versions_keep_rising()
    {
        var identity = RowVersion.None;
        foreach (var title in (string?[])["first", "second", null, "third", "third", null, null])
        {
            var write = Write("book::a", title, identity);

            var result = await WriteOneAsync(write);

            Assert.Equal((CatalogWriteOutcome.Written, new RowVersion(identity.Version + 1, write.Id)), (result.Outcome, result.Identity));
            var row = await ReadOneAsync("book::a");
            Assert.Equal(("book::a", result.Identity, title is not null), (row.Key, row.Identity, row.Exists));
            Assert.Equal(Text(write.Payload), Text(row.Payload));
            AssertSame(row, result.Row);
            identity = result.Identity;
        }
    }

    [CatalogFact]
    public async Task A_write_that_expects_another_row_returns_the_current_one()
    {
        var made = await WriteOneAsync(Write("book::a", "first"));
        var current = made.Identity;
        RowVersion[] wrong =
        [
            RowVersion.None,
            new(current.Version, Guid.NewGuid()),
            new(current.Version + 1, current.Tag),
            new(current.Version - 1, current.Tag),
            new(current.Version, Guid.Empty),
        ];

        foreach (var expected in wrong)
        {
            foreach (var title in (string?[])["second", null])
            {
                var result = await WriteOneAsync(Write("book::a", title, expected));
                Assert.Equal((CatalogWriteOutcome.Mismatch, current), (result.Outcome, result.Identity));
                AssertSame(made.Row, result.Row);
            }
        }

        AssertSame(made.Row, await ReadOneAsync("book::a"));
    }

    [CatalogFact]
    public async Task A_write_that_expects_a_row_of_a_book_that_never_existed_is_a_conflict()
    {
        var result = await WriteOneAsync(Write("book::a", "first", new(1, Guid.NewGuid())));

        Assert.Equal(
            (CatalogWriteOutcome.Mismatch, RowVersion.None, CachedRow.Never("book::a")), (result.Outcome, result.Identity, result.Row));
        Assert.Equal(CachedRow.Never("book::a"), await ReadOneAsync("book::a"));
    }

    [CatalogFact]
    public async Task A_removed_book_differs_from_one_that_never_existed()
    {
        var created = await WriteOneAsync(Write("book::a", "first"));
        var removed = await WriteOneAsync(Write("book::a", null, created.Identity));

        var result = await WriteOneAsync(Write("book::a", "second"));

        Assert.Equal(CatalogWriteOutcome.Mismatch, result.Outcome);
        AssertSame(new("book::a", removed.Identity, null), result.Row);
        AssertSame(result.Row, await ReadOneAsync("book::a"));
    }

    [CatalogFact]
    public async Task A_book_that_never_existed_can_be_removed_and_has_an_identity_then()
    {
        var result = await WriteOneAsync(Write("book::a", null));

        Assert.Equal((CatalogWriteOutcome.Written, 1), (result.Outcome, result.Identity.Version));
        AssertSame(new("book::a", result.Identity, null), await ReadOneAsync("book::a"));
    }

    [CatalogFact]
    public async Task Each_write_of_a_batch_succeeds_or_fails_by_itself()
    {
        var there = await WriteOneAsync(Write("book::there", "first"));

        var results = await WriteAsync(
            Write("book::new", "new"),
            Write("book::there", "lost"),
            Write("book::gone", null, new(3, Guid.NewGuid())),
            Write("book::there", "second", there.Identity));

        Assert.Equal(
            [CatalogWriteOutcome.Written, CatalogWriteOutcome.Mismatch, CatalogWriteOutcome.Mismatch, CatalogWriteOutcome.Written],
            results.Select(result => result.Outcome));
        Assert.Equal(["new", "second"], (await ReadAsync("book::new", "book::there")).Select(TitleOf));
        Assert.Equal(CachedRow.Never("book::gone"), await ReadOneAsync("book::gone"));
    }

    [CatalogFact]
    public async Task Of_writes_of_one_key_the_later_ones_see_the_earlier_ones()
    {
        var first = Write("book::z", "first");
        var second = Write("book::z", "second", new(1, first.Id));
        var lost = Write("book::z", "lost", new(1, first.Id));
        var third = Write("book::z", null, new(2, second.Id));

        var results = await WriteAsync(first, Write("book::a", "beside"), second, lost, third);

        Assert.Equal(
            [CatalogWriteOutcome.Written, CatalogWriteOutcome.Written, CatalogWriteOutcome.Written, CatalogWriteOutcome.Mismatch,
                CatalogWriteOutcome.Written],
            results.Select(result => result.Outcome));
        Assert.Equal(second.Id, results[3].Identity.Tag);
        AssertSame(new("book::z", new(3, third.Id), null), await ReadOneAsync("book::z"));
    }

    [CatalogFact]
    public async Task A_batch_of_writes_that_fails_writes_nothing()
    {
        await Database.RefuseAsync("book::y");
        var write = Write("book::a", "A");

        await Assert.ThrowsAsync<CatalogUnavailableException>(() => WriteAsync(write, Write("book::y", "Y"), Write("book::z", "Z")));

        Assert.All(await ReadAsync("book::a", "book::y", "book::z"), row => Assert.Equal(CachedRow.Never(row.Key), row));
        Assert.Equal(CatalogWriteOutcome.Written, (await WriteOneAsync(write)).Outcome);
    }

    [CatalogFact]
    public async Task A_batch_with_an_impossible_write_writes_nothing()
    {
        var tooLarge = Encoding.UTF8.GetBytes(new string('x', BookPayload.MaxBytes + 1));

        await Assert.ThrowsAsync<InvalidPayloadException>(
            () => WriteAsync(Write("book::a", "A"), new(Guid.NewGuid(), "book::b", tooLarge, default)));
        await Assert.ThrowsAsync<InvalidPayloadException>(
            () => WriteAsync(Write("book::a", "A"), new(Guid.NewGuid(), "book::b", [0xC3, 0x28], default)));
        var error = await Assert.ThrowsAsync<InvalidPayloadException>(
            () => WriteAsync(Write("book::a", "A"), Write("book::b", "B", id: Guid.Empty)));

        Assert.Contains("book::b", error.Message, StringComparison.Ordinal);
        Assert.Equal(CachedRow.Never("book::a"), await ReadOneAsync("book::a"));
    }

    [CatalogFact]
    public async Task No_writes_do_nothing() => Assert.Empty(await WriteAsync());

    [CatalogFact]
    public async Task Only_books_that_exist_are_listed()
    {
        await WriteAsync(Write("book::a", "A"), Write("book::b", "B"), Write("book::c", null), Write("book::d", "D"));
        await WriteOneAsync(Write("book::b", null, (await ReadOneAsync("book::b")).Identity));

        Assert.Equal(["book::a", "book::d"], await Catalog.ListKeysAsync(null, 10, CancellationToken.None));
        Assert.Equal(["book::d"], await Catalog.ListKeysAsync("book::a", 1, CancellationToken.None));
    }

    private static void AssertSame(CachedRow expected, CachedRow actual)
    {
        Assert.Equal((expected.Key, expected.Identity), (actual.Key, actual.Identity));
        Assert.Equal(Text(expected.Payload), Text(actual.Payload));
    }
}
