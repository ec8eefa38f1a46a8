using Microsoft.Data.Sqlite;

namespace OrleansCache.Tests.Catalogs;

public sealed class SqlitePlainSqlTests() : PlainSqlContract(new SqliteTestDatabase())
{
    [Theory]
    [InlineData("INSERT OR REPLACE")]
    [InlineData("REPLACE")]
    public async Task What_is_replaced_gets_a_higher_version(string insert)
    {
        await StoreAsync(Book("book::a", "A"), Book("book::b", "B"), Book("book::gone", "C"));
        await StoreAsync(Book("book::a", "AA"), Book("book::b", "BB"));
        await RunAsync("DELETE FROM books WHERE key = 'book::gone'");
        var before = await ReadAsync("book::a", "book::b", "book::gone");

        await RunAsync(
            $$"""
            {{insert}} INTO books (key, payload)
            VALUES
                ('book::a', '{"title":"1"}'),
                ('book::new', '{"title":"2"}'),
                ('book::b', '{"title":"3"}'),
                ('book::gone', '{"title":"4"}')
            """);

        var after = await ReadAsync("book::a", "book::b", "book::gone", "book::new");
        Assert.Equal(["1", "3", "4", "2"], after.Select(TitleOf));
        for (var i = 0; i < before.Length; i++)
            AssertFollows(before[i], after[i]);
        Assert.Equal(1, after[3].Identity.Version);
    }

    [Fact]
    public async Task With_triggers_that_call_each_other_a_replacement_is_refused_and_an_update_is_not()
    {
        await StoreAsync(Book("book::a", "A"));
        var before = await ReadOneAsync("book::a");

        await Assert.ThrowsAsync<SqliteException>(() => RunAsync(
            "PRAGMA recursive_triggers = ON; REPLACE INTO books (key, payload) VALUES ('book::new', '{}'), ('book::a', '{}')"));
        Assert.Equal(before.Identity, (await ReadOneAsync("book::a")).Identity);

        await RunAsync(
            "PRAGMA recursive_triggers = ON; UPDATE books SET payload = '{\"title\":\"B\"}'; DELETE FROM books; "
            + "INSERT INTO books (key, payload) VALUES ('book::a', '{}')");
        Assert.Equal(before.Identity.Version + 3, (await ReadOneAsync("book::a")).Identity.Version);
    }

    [Fact]
    public async Task The_record_of_an_insertion_that_replaced_nothing_does_no_harm()
    {
        await StoreAsync(Book("book::a", "A"));
        await RunAsync("INSERT OR IGNORE INTO books (key, payload) VALUES ('book::a', '{}')");
        await StoreAsync(Book("book::a", "B"), Book("book::b", "B"));
        var before = await ReadOneAsync("book::a");

        await RunAsync("INSERT OR REPLACE INTO books (key, payload) VALUES ('book::a', '{\"title\":\"C\"}')");

        AssertFollows(before, await ReadOneAsync("book::a"));
        Assert.Equal("C", TitleOf(await ReadOneAsync("book::a")));
    }

    protected override string Ago(int hours) => $"unixepoch() - {hours * 3600}";

    private Task RunAsync(string sql) => ((SqlTestDatabase)Database).RunAsync(sql);
}
