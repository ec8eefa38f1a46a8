using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>What a catalog reports as changed since a position, whoever has written and however.</summary>
public abstract class ChangeFeedContract(SqlTestDatabase database) : CatalogContract(database)
{
    private const int Limit = 1_000;

    /// <summary>Plain SQL, with the keys of the rows that it writes. The books there and other exist before, gone was deleted.</summary>
    public static readonly (string Sql, string[] Keys)[] Statements =
    [
        ("INSERT INTO books (key, payload) VALUES ('book::new', '{}'), ('book::new-2', '{}')", ["book::new", "book::new-2"]),
        ("INSERT INTO books (key, payload) VALUES ('book::gone', '{}')", ["book::gone"]),
        ("UPDATE books SET payload = '{}' WHERE key = 'book::there'", ["book::there"]),
        ("UPDATE books SET payload = payload WHERE key LIKE 'book::%'", ["book::gone", "book::other", "book::there"]),
        ("UPDATE books SET version = 1 WHERE key = 'book::there'", ["book::there"]),
        ("DELETE FROM books WHERE key = 'book::there'", ["book::there"]),
        ("DELETE FROM books WHERE key LIKE 'book::%'", ["book::other", "book::there"]),
        (
            "INSERT INTO books (key, payload) VALUES ('book::there', '{}'), ('book::gone', '{}'), ('book::new', '{}') "
            + "ON CONFLICT (key) DO UPDATE SET payload = excluded.payload",
            ["book::gone", "book::new", "book::there"]),
        (
            "INSERT INTO books (key, payload) VALUES ('book::there', '{}'), ('book::new', '{}') ON CONFLICT (key) DO NOTHING",
            ["book::new"]),
        ("BEGIN; UPDATE books SET payload = '{}' WHERE key = 'book::there'; DELETE FROM books WHERE key = 'book::there'; COMMIT",
            ["book::there"]),
        ("BEGIN; UPDATE books SET payload = '{}' WHERE key = 'book::there'; ROLLBACK", []),
        ("DELETE FROM books WHERE key = 'book::gone'", []),
    ];

    private int _statements;

    [CatalogFact]
    public async Task A_first_read_is_incomplete_and_says_where_to_go_on()
    {
        await StoreAsync(Book("book::a"));

        var first = await ReadAsync(null);

        Assert.False(first.IsComplete);
        Assert.Empty(first.Rows);
        Assert.Empty(await ChangesAsync(first.Position));
        await StoreAsync(Book("book::b"));
        Assert.Equal(["book::b"], await ChangesAsync(first.Position));
    }

    [CatalogFact]
    public async Task Each_statement_of_plain_SQL_is_reported_once_with_the_new_identities()
    {
        foreach (var (sql, keys) in Statements)
            await AssertReportsAsync(sql, keys);
    }

    [CatalogFact]
    public async Task Our_own_writes_are_reported_once_with_the_new_identities()
    {
        var position = (await ReadAsync(null)).Position;
        var row = CachedRow.Never("book::a");
        foreach (var title in (string?[])["first", "second", null, "third"])
        {
            row = (await WriteOneAsync(Write("book::a", title, row.Identity))).Row;
            position = await AssertReportedAsync(position, row);
        }

        var both = await WriteAsync(Write("book::a", "fourth", row.Identity), Write("book::b", "B"));
        await AssertReportedAsync(position, [.. both.Select(result => result.Row)]);
    }

    [CatalogFact]
    public async Task What_changes_nothing_is_not_reported()
    {
        var write = Write("book::a", "A");
        await WriteOneAsync(write);
        var position = (await ReadAsync(null)).Position;

        await WriteOneAsync(write);
        await WriteOneAsync(Write("book::a", "late"));
        await StoreAsync(Book("book::a", "A"));
        await Catalog.RaiseEpochsAsync([1], CancellationToken.None);
        await Catalog.InitializeAsync(CancellationToken.None);

        Assert.Empty(await ChangesAsync(position));
    }

    [CatalogFact]
    public async Task A_row_that_was_written_several_times_is_reported_once_as_it_is_now()
    {
        var position = (await ReadAsync(null)).Position;
        foreach (var title in (string[])["first", "second", "third"])
            await StoreAsync(Book("book::a", title));
        await database.RunAsync("UPDATE books SET payload = '{}'");

        await AssertReportedAsync(position, await ReadOneAsync("book::a"));
    }

    [CatalogFact]
    public async Task More_rows_than_the_limit_are_not_reported_and_the_next_read_starts_from_there()
    {
        await StoreAsync([.. Enumerable.Range(0, 11).Select(number => Book($"book::{number}"))]);
        var position = (await ReadAsync(null)).Position;
        await database.RunAsync("UPDATE books SET payload = '{}'");

        var exact = await Catalog.ReadChangesAsync(position, [], 11, CancellationToken.None);
        var over = await Catalog.ReadChangesAsync(position, [], 10, CancellationToken.None);

        Assert.Equal((true, 11), (exact.IsComplete, exact.Rows.Count));
        Assert.Equal((false, 0), (over.IsComplete, over.Rows.Count));
        Assert.Empty(await ChangesAsync(over.Position));
        await StoreAsync(Book("book::3", "C"));
        Assert.Equal(["book::3"], await ChangesAsync(over.Position));
    }

    [CatalogFact]
    public async Task A_statement_over_100_000_rows_is_reported_once_as_a_whole()
    {
        const int Rows = 100_000;
        await database.RunAsync(
            "INSERT INTO books (key, payload) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
            + "SELECT 'book::' || i, '{}' FROM n");
        var position = (await ReadAsync(null)).Position;
        await database.RunAsync("UPDATE books SET payload = '{\"title\":\"B\"}'");

        var changes = await Catalog.ReadChangesAsync(position, [], 2 * Rows, CancellationToken.None);
        var tooMany = await Catalog.ReadChangesAsync(position, [], Rows / 2, CancellationToken.None);

        Assert.True(changes.IsComplete);
        Assert.Equal(Rows, changes.Rows.Select(row => row.Key).Distinct().Count());
        Assert.Equal(Rows, changes.Rows.Count);
        Assert.All(changes.Rows, row => Assert.Equal(2, row.Identity.Version));
        Assert.False(tooMany.IsComplete);
        Assert.Empty(await ChangesAsync(changes.Position));
        Assert.Empty(await ChangesAsync(tooMany.Position));
    }

    [CatalogFact]
    public async Task Readers_have_positions_of_their_own_and_see_what_other_processes_write()
    {
        var (one, other) = ((await ReadAsync(null)).Position, (await ReadAsync(null)).Position);
        await Open().StoreAsync([Book("book::a")], CancellationToken.None);
        Assert.Equal(["book::a"], await ChangesAsync(one));
        one = (await ReadAsync(one)).Position;
        await StoreAsync(Book("book::b"));

        Assert.Equal(["book::b"], await ChangesAsync(one));
        Assert.Equal(["book::a", "book::b"], await ChangesAsync(other));
        Assert.Equal(["book::a", "book::b"], await ChangesAsync(other));
    }

    [CatalogFact]
    public async Task A_position_that_is_not_of_this_catalog_is_not_continued_from()
    {
        var here = await ReadAsync(null);
        string[] texts = ["", "x", "1 2", "a b c", "a 1:2", "a 1:2:x", "a 1:x:", $"{here.Position.Text} ", $"0{here.Position.Text}"];
        foreach (var text in texts)
        {
            var changes = await ReadAsync(new(text));
            Assert.False(changes.IsComplete, text);
            Assert.Empty(changes.Rows);
            Assert.Empty(await ChangesAsync(changes.Position));
        }
    }

    [CatalogFact]
    public async Task Epochs_come_with_the_changes_in_the_order_in_which_they_were_asked_for()
    {
        await Catalog.RaiseEpochsAsync([1, 3], CancellationToken.None);
        await Catalog.RaiseEpochsAsync([3], CancellationToken.None);

        var first = await Catalog.ReadChangesAsync(null, [3, 2, 1, 3], Limit, CancellationToken.None);
        var next = await Catalog.ReadChangesAsync(first.Position, [1], Limit, CancellationToken.None);

        Assert.Equal([2, 0, 1, 2], first.Epochs);
        Assert.Equal([1], next.Epochs);
    }

    [CatalogFact]
    public async Task Of_all_that_concurrent_writers_do_the_last_is_reported_and_nothing_twice()
    {
        const int Writers = 4;
        string[] keys = [.. Enumerable.Range(0, 20).Select(number => $"book::{number:00}")];
        var position = (await ReadAsync(null)).Position;
        var catalogs = Enumerable.Range(0, Writers).Select(_ => Open()).ToArray();
        var writing = Task.WhenAll(
            Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteALotAsync(catalogs[writer], writer, keys))));
        var seen = new Dictionary<string, List<RowVersion>>();
        bool last;
        do
        {
            last = writing.IsCompleted;
            var changes = await ReadAsync(position);
            Assert.True(changes.IsComplete);
            position = changes.Position;
            foreach (var row in changes.Rows)
            {
                if (!seen.TryGetValue(row.Key, out var identities))
                    seen[row.Key] = identities = [];
                identities.Add(row.Identity);
            }
        }
        while (!last);
        await writing.WaitAsync(Patience);

        foreach (var row in await Catalog.ReadAsync(keys, CancellationToken.None))
        {
            Assert.Equal(row.Identity, seen[row.Key][^1]);
            Assert.Equal(seen[row.Key].OrderBy(identity => identity.Version), seen[row.Key]);
            Assert.Equal(seen[row.Key].Count, seen[row.Key].Distinct().Count());
        }
    }

    /// <summary>Runs a statement on rows of its own, and checks that a read reports exactly these keys, and the next one nothing.</summary>
    protected async Task AssertReportsAsync(string sql, params string[] keys)
    {
        var prefix = $"book{_statements++}::";
        await StoreAsync(Book($"{prefix}there"), Book($"{prefix}other"), Book($"{prefix}gone"));
        await database.RunAsync($"DELETE FROM books WHERE key = '{prefix}gone'");
        var position = (await ReadAsync(null)).Position;

        await database.RunAsync(sql.Replace("book::", prefix, StringComparison.Ordinal));

        string[] expected = [.. keys.Select(key => key.Replace("book::", prefix, StringComparison.Ordinal))];
        var reported = await ChangesAsync(position);
        Assert.True(expected.SequenceEqual(reported), $"{sql} is reported as {string.Join(", ", reported)}");
        await AssertReportedAsync(position, await ReadAsync(expected));
    }

    protected async Task<FeedPosition> AssertReportedAsync(FeedPosition since, params CachedRow[] rows)
    {
        var changes = await ReadAsync(since);
        Assert.True(changes.IsComplete);
        Assert.Equal(
            rows.Select(row => new ChangedRow(row.Key, row.Identity)).OrderBy(row => row.Key, StringComparer.Ordinal),
            changes.Rows.OrderBy(row => row.Key, StringComparer.Ordinal));
        Assert.Empty(await ChangesAsync(changes.Position));
        return changes.Position;
    }

    protected Task<CatalogChanges> ReadAsync(FeedPosition? since) => Catalog.ReadChangesAsync(since, [], Limit, CancellationToken.None);

    /// <summary>The keys that have changed, in order.</summary>
    protected async Task<string[]> ChangesAsync(FeedPosition since)
    {
        var changes = await ReadAsync(since);
        Assert.True(changes.IsComplete);
        return [.. changes.Rows.Select(row => row.Key).Order(StringComparer.Ordinal)];
    }

    private async Task WriteALotAsync(ICatalog catalog, int writer, string[] keys)
    {
        var random = new Random(writer);
        for (var round = 0; round < 50; round++)
        {
            var key = keys[random.Next(keys.Length)];
            switch (random.Next(3))
            {
                case 0:
                    await database.RunAsync($"UPDATE books SET payload = '{{}}' WHERE key = '{key}'");
                    break;
                case 1:
                    await database.RunAsync($"DELETE FROM books WHERE key = '{key}'");
                    break;
                default:
                    var rows = await catalog.ReadAsync(keys, CancellationToken.None);
                    await catalog.WriteAsync(
                        [.. rows.Select(row => Write(row.Key, $"{writer} {round}", row.Identity))], null, CancellationToken.None);
                    break;
            }
        }
    }
}
