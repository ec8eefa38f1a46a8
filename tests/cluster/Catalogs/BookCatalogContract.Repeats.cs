using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>Edits that are repeated because their response was lost.</summary>
public abstract partial class BookCatalogContract
{
    [CatalogFact]
    public async Task A_repeated_write_is_answered_with_its_first_identity()
    {
        var write = Write("book::a", "first");
        var first = await WriteOneAsync(write);

        var again = await WriteOneAsync(write);

        Assert.Equal((CatalogWriteOutcome.MadeBefore, first.Identity), (again.Outcome, again.Identity));
        AssertSame(first.Row, again.Row);
        AssertSame(first.Row, await ReadOneAsync("book::a"));
    }

    [CatalogFact]
    public async Task A_repeated_write_is_recognized_after_others_have_changed_the_book()
    {
        var first = Write("book::a", "first");
        var made = await WriteOneAsync(first);
        var second = await WriteOneAsync(Write("book::a", "second", made.Identity));
        var third = await WriteOneAsync(Write("book::a", null, second.Identity));

        var again = await WriteOneAsync(first);

        Assert.Equal((CatalogWriteOutcome.MadeBefore, made.Identity), (again.Outcome, again.Identity));
        AssertSame(third.Row, again.Row);
        AssertSame(third.Row, await ReadOneAsync("book::a"));
    }

    [CatalogFact]
    public async Task A_repeated_write_is_recognized_whatever_it_expects_now_and_through_whichever_catalog()
    {
        var write = Write("book::a", "first");
        var made = await WriteOneAsync(write);
        var changed = (await WriteOneAsync(Write("book::a", "second", made.Identity))).Row;
        var other = Open();

        foreach (var expected in (RowVersion[])[RowVersion.None, made.Identity, changed.Identity, new(9, Guid.NewGuid())])
        {
            var again = Assert.Single(await other.WriteAsync([write with { Expected = expected }], null, CancellationToken.None));
            Assert.Equal((CatalogWriteOutcome.MadeBefore, made.Identity), (again.Outcome, again.Identity));
        }

        AssertSame(changed, await ReadOneAsync("book::a"));
    }

    [CatalogFact]
    public async Task A_write_that_was_a_conflict_is_not_recorded()
    {
        var write = Write("book::a", "second", new(1, Guid.NewGuid()));
        Assert.Equal(CatalogWriteOutcome.Mismatch, (await WriteOneAsync(write)).Outcome);
        var first = await WriteOneAsync(Write("book::a", "first"));

        var fits = await WriteOneAsync(write with { Expected = first.Identity });

        Assert.Equal((CatalogWriteOutcome.Written, new RowVersion(2, write.Id)), (fits.Outcome, fits.Identity));
    }

    [CatalogFact]
    public async Task A_write_that_occurs_twice_in_a_batch_is_made_once()
    {
        var write = Write("book::a", "first");

        var results = await WriteAsync(write, Write("book::b", "B"), write);

        Assert.Equal(
            [CatalogWriteOutcome.Written, CatalogWriteOutcome.Written, CatalogWriteOutcome.MadeBefore],
            results.Select(result => result.Outcome));
        Assert.Equal(results[0].Identity, results[2].Identity);
        Assert.Equal(1, (await ReadOneAsync("book::a")).Identity.Version);
    }

    [CatalogFact]
    public async Task An_id_counts_for_the_key_that_it_came_with()
    {
        var id = Guid.NewGuid();

        var results = await WriteAsync(Write("book::a", "A", id: id), Write("book::b", "B", id: id));

        Assert.All(
            results, result => Assert.Equal((CatalogWriteOutcome.Written, new RowVersion(1, id)), (result.Outcome, result.Identity)));
    }
}
