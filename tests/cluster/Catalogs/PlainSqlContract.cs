using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>What plain SQL by any client does to the identities of books.</summary>
public abstract class PlainSqlContract(SqlTestDatabase database) : CatalogContract(database)
{
    [CatalogFact]
    public async Task An_inserted_book_has_version_one_and_a_tag_of_its_own()
    {
        await database.RunAsync(
            "INSERT INTO books (key, payload) VALUES ('book::a', '{\"title\":\"A\"}'), ('book::b', '{\"title\":\"B\"}')");

        var rows = await ReadAsync("book::a", "book::b");
        Assert.Equal(["A", "B"], rows.Select(TitleOf));
        Assert.All(rows, row => Assert.Equal(1, row.Identity.Version));
        Assert.Equal(3, rows.Select(row => row.Identity.Tag).Append(Guid.Empty).Distinct().Count());
    }

    [CatalogFact]
    public async Task An_update_raises_the_version_of_each_of_its_rows_by_one_and_sets_a_fresh_tag()
    {
        await StoreAsync(Book("book::a", "A"), Book("book::b", "B"), Book("book::c", "C"));
        await StoreAsync(Book("book::b", "BB"));
        var before = await ReadAsync("book::a", "book::b", "book::c");

        await database.RunAsync("UPDATE books SET payload = '{\"title\":\"Same\"}' WHERE key IN ('book::a', 'book::b')");

        var after = await ReadAsync("book::a", "book::b", "book::c");
        Assert.Equal(["Same", "Same", "C"], after.Select(TitleOf));
        AssertFollows(before[0], after[0]);
        AssertFollows(before[1], after[1]);
        Assert.Equal(before[2].Identity, after[2].Identity);
        Assert.Equal(3, after.Select(row => row.Identity.Tag).Distinct().Count());
    }

    [CatalogFact]
    public async Task Whatever_columns_an_update_sets_the_version_goes_up_by_one()
    {
        await StoreAsync(Book("book::a", "A"));
        await StoreAsync(Book("book::a", "AA"));
        foreach (var set in (string[])["version = 1", "version = 100", "version = version", "payload = payload", "key = key", "tag = tag",
            "version = 7, payload = '{\"title\":\"B\"}'"])
        {
            var before = await ReadOneAsync("book::a");
            await database.RunAsync($"UPDATE books SET {set} WHERE key = 'book::a'");
            AssertFollows(before, await ReadOneAsync("book::a"));
        }

        Assert.Equal("B", TitleOf(await ReadOneAsync("book::a")));
    }

    [CatalogFact]
    public async Task Of_a_payload_that_is_too_long_no_more_is_read_than_shows_that()
    {
        await StoreAsync(Book("book::a", "A"), Book("book::b", "B"));
        var title = new string('é', 40_000);
        await database.RunAsync($"UPDATE books SET payload = '{{\"title\":\"{title}{title}{title}\"}}' WHERE key = 'book::a'");

        var rows = await ReadAsync("book::a", "book::b");

        Assert.InRange(rows[0].Payload!.Length, BookPayload.MaxBytes + 1, 4 * (BookPayload.MaxBytes + 1));
        var error = Assert.Throws<InvalidPayloadException>(() => BookPayload.Decode(rows[0].Payload));
        Assert.Contains("65,536", error.Message, StringComparison.Ordinal);
        Assert.Equal("B", TitleOf(rows[1]));
    }

    [CatalogFact]
    public async Task A_deleted_book_leaves_a_tombstone()
    {
        await StoreAsync(Book("book::a", "A"), Book("book::b", "B"), Book("book::c", "C"));
        var before = await ReadAsync("book::a", "book::b", "book::c");

        await database.RunAsync("DELETE FROM books WHERE key <> 'book::c'");

        var after = await ReadAsync("book::a", "book::b", "book::c");
        Assert.Equal([false, false, true], after.Select(row => row.Exists));
        AssertFollows(before[0], after[0]);
        AssertFollows(before[1], after[1]);
        Assert.Equal(before[2].Identity, after[2].Identity);
        Assert.Equal(["book::c"], await Catalog.ListKeysAsync(null, 10, CancellationToken.None));
    }

    [CatalogFact]
    public async Task To_delete_what_was_removed_already_changes_nothing()
    {
        await StoreAsync(Book("book::a", "A"), Book("book::b", "B"));
        await database.RunAsync("DELETE FROM books");
        var before = await ReadAsync("book::a", "book::b");

        await database.RunAsync("DELETE FROM books");

        Assert.Equal(before, await ReadAsync("book::a", "book::b"));
        Assert.All(before, row => Assert.Equal((2, false), (row.Identity.Version, row.Exists)));
    }

    [CatalogFact]
    public async Task An_insertion_brings_a_removed_book_back_with_a_higher_version()
    {
        await StoreAsync(Book("book::a", "A"), Book("book::b", "B"));
        await database.RunAsync("DELETE FROM books");
        var removed = await ReadAsync("book::a", "book::b");

        await database.RunAsync(
            "INSERT INTO books (key, payload) VALUES ('book::new', '{\"title\":\"New\"}'), ('book::b', '{\"title\":\"B2\"}'), "
            + "('book::a', '{\"title\":\"A2\"}')");

        var back = await ReadAsync("book::a", "book::b", "book::new");
        Assert.Equal(["A2", "B2", "New"], back.Select(TitleOf));
        AssertFollows(removed[0], back[0]);
        AssertFollows(removed[1], back[1]);
        Assert.Equal(1, back[2].Identity.Version);
    }

    [CatalogFact]
    public async Task An_insertion_over_a_book_that_is_there_fails_as_everywhere()
    {
        await StoreAsync(Book("book::a", "A"));
        var before = await ReadOneAsync("book::a");

        await Assert.ThrowsAnyAsync<Exception>(
            () => database.RunAsync("INSERT INTO books (key, payload) VALUES ('book::new', '{}'), ('book::a', '{}')"));

        Assert.Equal(before.Identity, (await ReadOneAsync("book::a")).Identity);
        Assert.Equal(CachedRow.Never("book::new"), await ReadOneAsync("book::new"));
    }

    [CatalogFact]
    public async Task An_insertion_or_update_inserts_updates_or_brings_back()
    {
        await StoreAsync(Book("book::there", "Old"), Book("book::gone", "Old"));
        await database.RunAsync("DELETE FROM books WHERE key = 'book::gone'");
        var before = await ReadAsync("book::there", "book::gone");

        await database.RunAsync(
            """
            INSERT INTO books (key, payload)
            VALUES ('book::there', '{"title":"There"}'), ('book::gone', '{"title":"Back"}'), ('book::new', '{"title":"New"}')
            ON CONFLICT (key) DO UPDATE SET payload = excluded.payload
            """);

        var after = await ReadAsync("book::there", "book::gone", "book::new");
        Assert.Equal(["There", "Back", "New"], after.Select(TitleOf));
        AssertFollows(before[0], after[0]);
        AssertFollows(before[1], after[1]);
        Assert.Equal(1, after[2].Identity.Version);
    }

    [CatalogFact]
    public async Task An_insertion_that_ignores_conflicts_leaves_existing_books_alone()
    {
        await StoreAsync(Book("book::there", "Old"));
        var before = await ReadOneAsync("book::there");

        await database.RunAsync(
            "INSERT INTO books (key, payload) VALUES ('book::there', '{}'), ('book::new', '{\"title\":\"New\"}') ON CONFLICT DO NOTHING");

        Assert.Equal(before.Identity, (await ReadOneAsync("book::there")).Identity);
        Assert.Equal("New", TitleOf(await ReadOneAsync("book::new")));
    }

    [CatalogFact]
    public async Task An_update_can_remove_a_book_and_bring_it_back()
    {
        await StoreAsync(Book("book::a", "A"));

        await database.RunAsync("UPDATE books SET payload = NULL WHERE key = 'book::a'");
        var removed = await ReadOneAsync("book::a");
        await database.RunAsync("UPDATE books SET payload = '{\"title\":\"B\"}' WHERE key = 'book::a'");

        Assert.Equal((2, false), (removed.Identity.Version, removed.Exists));
        AssertFollows(removed, await ReadOneAsync("book::a"));
    }

    [CatalogFact]
    public async Task The_key_of_a_book_cannot_be_changed()
    {
        await StoreAsync(Book("book::a", "A"));
        var before = await ReadOneAsync("book::a");

        var error = await Assert.ThrowsAnyAsync<Exception>(
            () => database.RunAsync("UPDATE books SET key = 'book::b' WHERE key = 'book::a'"));

        Assert.Contains("cannot be changed", error.Message, StringComparison.Ordinal);
        Assert.Equal(before.Identity, (await ReadOneAsync("book::a")).Identity);
        Assert.Equal(CachedRow.Never("book::b"), await ReadOneAsync("book::b"));
    }

    [CatalogFact]
    public async Task A_statement_that_is_rolled_back_leaves_the_identity()
    {
        await StoreAsync(Book("book::a", "A"));
        var before = await ReadOneAsync("book::a");

        await database.RunAsync(
            "BEGIN; UPDATE books SET payload = '{}'; DELETE FROM books; INSERT INTO books (key, payload) VALUES ('book::a', '{}'); "
            + "ROLLBACK");

        Assert.Equal(before.Identity, (await ReadOneAsync("book::a")).Identity);
        Assert.Equal("A", TitleOf(await ReadOneAsync("book::a")));
    }

    [CatalogFact]
    public async Task A_write_that_expects_the_row_from_before_a_statement_is_a_conflict()
    {
        foreach (var statement in (string[])["UPDATE books SET payload = '{}'", "DELETE FROM books",
            "INSERT INTO books (key, payload) VALUES ('book::a', '{}')"])
        {
            var before = await ReadOneAsync("book::a");
            if (!before.Exists && statement[0] != 'I')
                await StoreAsync(Book("book::a", statement));
            before = await ReadOneAsync("book::a");
            await database.RunAsync(statement);

            var result = await WriteOneAsync(Write("book::a", "late", before.Identity));

            Assert.Equal(CatalogWriteOutcome.Mismatch, result.Outcome);
            AssertFollows(before, result.Row);
        }
    }

    [CatalogFact]
    public async Task Our_own_writes_raise_the_version_once()
    {
        var write = Write("book::a", "A");
        await WriteOneAsync(write);
        var changed = await WriteOneAsync(Write("book::a", "B", new(1, write.Id)));

        Assert.Equal(2, changed.Identity.Version);
        Assert.Equal(changed.Identity, (await ReadOneAsync("book::a")).Identity);
    }

    [CatalogFact]
    public async Task People_can_look_at_the_books_that_exist()
    {
        await StoreAsync(Book("book::a", "A"), Book("book::b", "B"));
        await database.RunAsync("DELETE FROM books WHERE key = 'book::a'");

        Assert.Equal(1L, await database.ScalarAsync("SELECT count(*) FROM existing_books"));
        Assert.Equal("book::b", await database.ScalarAsync("SELECT key FROM existing_books WHERE version = 1 AND payload LIKE '%\"B\"%'"));
    }

    [CatalogFact]
    public async Task The_record_of_an_edit_expires_after_a_day_and_not_before()
    {
        var (old, recent) = (Write("book::old", "A"), Write("book::recent", "A"));
        await WriteAsync(old, recent);
        await StoreAsync(Book("book::old", "B"), Book("book::recent", "B"));
        await database.RunAsync($"UPDATE book_edits SET made = {Ago(hours: 25)} WHERE key = 'book::old'");
        await database.RunAsync($"UPDATE book_edits SET made = {Ago(hours: 23)} WHERE key = 'book::recent'");

        await WriteOneAsync(Write("book::other", "C"));

        var results = await WriteAsync(old, recent);
        Assert.Equal([CatalogWriteOutcome.Mismatch, CatalogWriteOutcome.MadeBefore], results.Select(result => result.Outcome));
    }

    [CatalogFact]
    public async Task A_write_drops_at_most_two_expired_records_for_each_new_one()
    {
        await StoreAsync([.. Enumerable.Range(0, 100).Select(number => Book($"book::{number}"))]);
        await database.RunAsync($"UPDATE book_edits SET made = {Ago(hours: 48)}");

        await WriteAsync(Write("book::a", "A"), Write("book::b", "B"), Write("book::c", "C"));

        Assert.Equal(100L - 6 + 3, await database.ScalarAsync("SELECT count(*) FROM book_edits"));
    }

    [CatalogFact]
    public async Task The_row_itself_identifies_its_edit_after_the_record_has_expired()
    {
        var write = Write("book::a", "A");
        await WriteOneAsync(write);
        await database.RunAsync("DELETE FROM book_edits");

        Assert.Equal(CatalogWriteOutcome.MadeBefore, (await WriteOneAsync(write)).Outcome);
        Assert.Equal(CatalogWriteOutcome.MadeBefore, (await WriteOneAsync(write with { Expected = new(1, write.Id) })).Outcome);
    }

    /// <summary>A time in the format of the column book_edits.made.</summary>
    protected abstract string Ago(int hours);

    protected static void AssertFollows(CachedRow before, CachedRow after)
    {
        Assert.Equal(before.Identity.Version + 1, after.Identity.Version);
        Assert.NotEqual(before.Identity.Tag, after.Identity.Tag);
        Assert.NotEqual(Guid.Empty, after.Identity.Tag);
    }
}
