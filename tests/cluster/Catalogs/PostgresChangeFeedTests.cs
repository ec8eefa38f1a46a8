using System.Data.Common;
using Npgsql;
using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

[NeedsPostgres, Collection(PostgresServer.Collection)]
public sealed class PostgresChangeFeedTests(PostgresServer server) : ChangeFeedContract(new PostgresTestDatabase(server))
{
    private PostgresTestDatabase Server => (PostgresTestDatabase)Database;

    [CatalogFact]
    public async Task A_transaction_with_a_smaller_number_that_is_committed_later_is_reported()
    {
        await StoreAsync(Book("book::older"), Book("book::newer"));
        var position = (await ReadAsync(null)).Position;
        await using var older = await BeginAsync("book::older");
        await using var newer = await BeginAsync("book::newer");

        await CommitAsync(newer);
        position = await AssertReportedAsync(position, await ReadOneAsync("book::newer"));
        await CommitAsync(older);

        await AssertReportedAsync(position, await ReadOneAsync("book::older"));
    }

    [CatalogFact]
    public async Task A_transaction_that_stays_open_is_reported_after_its_commit_and_makes_no_other_be_repeated()
    {
        await StoreAsync(Book("book::open"), Book("book::given-up"));
        await using var open = await BeginAsync("book::open");
        await using var givenUp = await BeginAsync("book::given-up");
        await SqlTestDatabase.RunAsync(open, "SAVEPOINT inner_one; UPDATE books SET payload = '[]' WHERE key = 'book::open'");
        var position = (await ReadAsync(null)).Position;

        for (var read = 0; read < 50; read++)
        {
            await StoreAsync(Book($"book::{read}"), Book("book::again", $"{read}"));
            position = await AssertReportedAsync(position, await ReadAsync($"book::{read}", "book::again"));
        }

        await SqlTestDatabase.RunAsync(givenUp, "ROLLBACK");
        Assert.Empty(await ChangesAsync(position));
        await CommitAsync(open);
        position = await AssertReportedAsync(position, await ReadOneAsync("book::open"));
        Assert.Empty(await ChangesAsync(position));
    }

    [CatalogFact]
    public async Task Rows_and_epochs_are_of_one_instant()
    {
        await Catalog.RaiseEpochsAsync([1], CancellationToken.None);
        var position = (await ReadAsync(null)).Position;
        await using var transaction = await BeginAsync("book::a", "INSERT INTO books (key, payload) VALUES ('book::a', '{}')");
        await SqlTestDatabase.RunAsync(transaction, "UPDATE slots SET epoch = 9 WHERE slot = 1");

        var before = await Catalog.ReadChangesAsync(position, [1], 10, CancellationToken.None);
        await CommitAsync(transaction);
        var after = await Catalog.ReadChangesAsync(before.Position, [1], 10, CancellationToken.None);

        Assert.Equal((0, 1L), (before.Rows.Count, Assert.Single(before.Epochs)));
        Assert.Equal(("book::a", 9L), (Assert.Single(after.Rows).Key, Assert.Single(after.Epochs)));
    }

    [CatalogFact]
    public async Task A_server_that_has_gone_back_or_was_started_again_is_not_continued_from()
    {
        await StoreAsync(Book("book::a"));
        var text = (await ReadAsync(null)).Position.Text;
        var parts = text.Split(' ', ':');
        var next = ulong.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture);
        string[] others =
        [
            $"{parts[0]} {next + 1_000}:{next + 1_000}:",
            $"{parts[0].Split('-')[0]}-1 {next}:{next}:",
            $"1.5-{parts[0].Split('-')[1]} {next}:{next}:",
        ];
        foreach (var other in others)
        {
            var changes = await ReadAsync(new(other));
            Assert.Equal((false, 0), (changes.IsComplete, changes.Rows.Count));
            Assert.Empty(await ChangesAsync(changes.Position));
        }
    }

    [CatalogFact]
    public async Task A_table_that_was_created_anew_from_a_dump_is_not_continued_from()
    {
        await StoreAsync(Book("book::a"));
        var position = (await ReadAsync(null)).Position;

        await Server.RunAsync(
            "CREATE TABLE dump AS SELECT * FROM books; DROP TABLE books CASCADE; CREATE TABLE books (LIKE dump); "
            + "INSERT INTO books SELECT * FROM dump");

        Assert.False((await ReadAsync(position)).IsComplete);
    }

    [CatalogFact]
    public async Task Rows_from_a_dump_of_a_server_with_larger_numbers_are_reported_once()
    {
        await StoreAsync(Book("book::a", "A"), Book("book::b", "B"));
        await Server.RunAsync(
            "ALTER TABLE books DISABLE TRIGGER USER; UPDATE books SET changed = '999999999999' WHERE key = 'book::a'; "
            + "ALTER TABLE books ENABLE TRIGGER USER");
        var position = (await ReadAsync(null)).Position;
        Assert.Equal(["book::a"], await ChangesAsync(position));

        await Open().InitializeAsync(CancellationToken.None);

        position = await AssertReportedAsync(position, await ReadOneAsync("book::a"));
        Assert.Empty(await ChangesAsync(position));
        Assert.Equal("A", TitleOf(await ReadOneAsync("book::a")));
    }

    [CatalogFact]
    public async Task A_read_looks_into_the_index_with_and_without_statistics()
    {
        await Server.RunAsync(
            "ALTER TABLE books SET (autovacuum_enabled = false); "
            + "INSERT INTO books (key, payload) SELECT 'book::' || i, '{}' FROM generate_series(1, 100000) AS i");
        await AssertIndexedAsync();
        await Server.RunAsync("ANALYZE books");
        await AssertIndexedAsync();
    }

    private async Task AssertIndexedAsync()
    {
        await using var database = NpgsqlDataSource.Create(Server.ConnectionString);
        var number = (string)(await Server.ScalarAsync("SELECT pg_current_xact_id()::text"))!;
        foreach (var open in (string[])["", string.Join(',', Enumerable.Range(0, 50))])
        {
            var since = PostgresFeedPosition.Parse(new($"server {number}:{number}:{open}"))!;
            await using var command = PostgresFeed.Command(database, since, [1, 2], 200_000);
            command.CommandText = "EXPLAIN " + command.CommandText;
            await using var reader = await command.ExecuteReaderAsync();
            var plan = new List<string>();
            while (await reader.ReadAsync())
                plan.Add(reader.GetString(0));
            Assert.DoesNotContain(plan, line => line.Contains("Seq Scan on books", StringComparison.Ordinal));
            Assert.Equal(2, plan.Count(line => line.Contains("books_by_change", StringComparison.Ordinal)));
        }
    }

    private async Task<DbConnection> BeginAsync(string key, string? sql = null)
    {
        var connection = await Server.OpenConnectionAsync();
        await SqlTestDatabase.RunAsync(connection, "BEGIN; " + (sql ?? $"UPDATE books SET payload = '{{}}' WHERE key = '{key}'"));
        return connection;
    }

    private static Task CommitAsync(DbConnection connection) => SqlTestDatabase.RunAsync(connection, "COMMIT");
}
