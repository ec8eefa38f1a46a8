using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

public sealed class SqliteChangeFeedTests() : ChangeFeedContract(new SqliteTestDatabase())
{
    private SqliteTestDatabase File => (SqliteTestDatabase)Database;

    [Fact]
    public async Task What_replaces_rows_or_goes_on_after_a_conflict_is_reported()
    {
        await AssertReportsAsync(
            "REPLACE INTO books (key, payload) VALUES ('book::there', '{}'), ('book::gone', '{}'), ('book::new', '{}')",
            "book::gone", "book::new", "book::there");
        foreach (var policy in (string[])["IGNORE", "REPLACE", "FAIL", "ABORT", "ROLLBACK"])
        {
            await AssertReportsAsync($"UPDATE OR {policy} books SET payload = '{{}}' WHERE key = 'book::there'", "book::there");
            await AssertReportsAsync($"INSERT OR {policy} INTO books (key, payload) VALUES ('book::new', '{{}}')", "book::new");
            await AssertReportsAsync($"INSERT OR {policy} INTO books (key, payload) VALUES ('book::gone', '{{}}')", "book::gone");
        }

        await AssertReportsAsync(
            "INSERT OR IGNORE INTO books (key, payload) VALUES ('book::there', '{}'), ('book::new', '{}')", "book::new");
        await AssertReportsAsync("UPDATE books SET tag = randomblob(16) WHERE key = 'book::there'", "book::there");
    }

    [Fact]
    public async Task With_triggers_that_call_each_other_writes_are_reported_too()
    {
        foreach (var (sql, keys) in Statements)
            await AssertReportsAsync("PRAGMA recursive_triggers = ON; " + sql, keys);
    }

    [Fact]
    public async Task A_transaction_that_is_open_or_rolled_back_is_not_reported()
    {
        await StoreAsync(Book("book::a"), Book("book::b"));
        var position = (await ReadAsync(null)).Position;
        await using (var connection = await File.OpenConnectionAsync())
        {
            await SqlTestDatabase.RunAsync(connection, "BEGIN; UPDATE books SET payload = '{}'");
            for (var read = 0; read < 50; read++)
            {
                var changes = await ReadAsync(position);
                Assert.Equal((true, 0), (changes.IsComplete, changes.Rows.Count));
                position = changes.Position;
            }

            await SqlTestDatabase.RunAsync(connection, "ROLLBACK; UPDATE books SET payload = '{}' WHERE key = 'book::b'");
        }

        await AssertReportedAsync(position, await ReadOneAsync("book::b"));
    }

    [Fact]
    public async Task A_file_that_was_restored_or_replaced_is_not_continued_from()
    {
        await StoreAsync(Book("book::a", "old"));
        await File.RunAsync($"VACUUM INTO '{File.Path}.backup'");
        await StoreAsync(Book("book::a", "new"), Book("book::b", "new"));
        var position = (await ReadAsync(null)).Position;
        await CloseAsync(Catalog);

        System.IO.File.Delete($"{File.Path}-wal");
        System.IO.File.Delete($"{File.Path}-shm");
        System.IO.File.Move($"{File.Path}.backup", File.Path, overwrite: true);
        var restored = await AssertBeginsAnewAsync(position);

        System.IO.File.Delete($"{File.Path}-wal");
        System.IO.File.Delete($"{File.Path}-shm");
        System.IO.File.Delete(File.Path);
        await AssertBeginsAnewAsync(restored);
    }

    private async Task<FeedPosition> AssertBeginsAnewAsync(FeedPosition position)
    {
        await using var catalog = new SqliteCatalog(File.Path);
        await catalog.InitializeAsync(CancellationToken.None);
        var changes = await catalog.ReadChangesAsync(position, [], 100, CancellationToken.None);
        Assert.Equal((false, 0), (changes.IsComplete, changes.Rows.Count));
        await catalog.StoreAsync([Book("book::c", $"{Guid.NewGuid()}")], CancellationToken.None);
        var next = await catalog.ReadChangesAsync(changes.Position, [], 100, CancellationToken.None);
        Assert.Equal("book::c", Assert.Single(next.Rows).Key);
        return next.Position;
    }
}
