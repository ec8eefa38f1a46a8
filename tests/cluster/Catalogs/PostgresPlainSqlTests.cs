using Npgsql;

namespace OrleansCache.Tests.Catalogs;

[NeedsPostgres, Collection(PostgresServer.Collection)]
public sealed class PostgresPlainSqlTests(PostgresServer server) : PlainSqlContract(new PostgresTestDatabase(server))
{
    [CatalogFact]
    public async Task The_table_cannot_be_truncated()
    {
        await StoreAsync(Book("book::a", "A"));

        var error = await Assert.ThrowsAsync<PostgresException>(() => RunAsync("TRUNCATE books"));

        Assert.Contains("DELETE", error.Hint, StringComparison.Ordinal);
        Assert.Equal("A", TitleOf(await ReadOneAsync("book::a")));
    }

    [CatalogFact]
    public async Task Edits_work_with_any_search_path()
    {
        await StoreAsync(Book("book::a", "A"));
        var schema = await ((SqlTestDatabase)Database).ScalarAsync("SELECT current_schema()");
        var before = await ReadOneAsync("book::a");

        await RunAsync(
            $"SET search_path = pg_catalog; DELETE FROM {schema}.books; INSERT INTO {schema}.books (key, payload) VALUES ('book::a', "
            + $"'{{\"title\":\"B\"}}'); UPDATE {schema}.books SET payload = payload; RESET search_path");

        var after = await ReadOneAsync("book::a");
        Assert.Equal((before.Identity.Version + 3, "B"), (after.Identity.Version, TitleOf(after)));
    }

    [CatalogFact]
    public async Task Rows_that_come_with_an_identity_keep_it_as_after_a_restore()
    {
        var tag = Guid.NewGuid();

        await RunAsync(
            $"INSERT INTO books (key, version, tag, payload) VALUES ('book::a', 7, '{tag}', '{{}}'), ('book::b', 9, '{tag}', NULL)");

        Assert.Equal([new(7, tag), new(9, tag)], (await ReadAsync("book::a", "book::b")).Select(row => row.Identity));
    }

    protected override string Ago(int hours) => $"now() - interval '{hours} hours'";

    private Task RunAsync(string sql) => ((SqlTestDatabase)Database).RunAsync(sql);
}
