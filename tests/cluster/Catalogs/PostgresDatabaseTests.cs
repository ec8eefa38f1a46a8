using OrleansCache.Catalogs;


namespace OrleansCache.Tests.Catalogs;

/// <summary>Which databases are accepted as a catalog.</summary>
[NeedsPostgres, Collection(PostgresServer.Collection)]
public sealed class PostgresDatabaseTests(PostgresServer server) : IAsyncLifetime
{
    private readonly PostgresTestDatabase database = new(server);

    public Task InitializeAsync() => database.CreateAsync();

    public async Task DisposeAsync() => await database.DisposeAsync();

    [CatalogFact]
    public Task A_table_of_another_program_is_named() => RefusesAsync("CREATE TABLE books (shelf text)", "books", "another program");

    [CatalogFact]
    public async Task A_catalog_of_a_newer_version_is_refused_with_both_versions()
    {
        await using (var catalog = database.Open())
            await catalog.InitializeAsync(CancellationToken.None);

        await RefusesAsync("UPDATE catalog_version SET version = 999", "newer", "999");
    }

    [CatalogFact]
    public async Task A_database_without_tables_must_be_initialized()
    {
        await using var catalog = database.Open();

        var error = await Assert.ThrowsAsync<CatalogUnavailableException>(() => catalog.ReadAsync(["book::a"], CancellationToken.None));

        Assert.Contains("Initialize", error.Message, StringComparison.Ordinal);
    }

    [CatalogFact]
    public async Task A_database_that_does_not_exist_is_named()
    {
        await using var catalog = new PostgresCatalog(database.ConnectionString + ";Database=no_such_database");

        var error = await Assert.ThrowsAsync<CatalogUnavailableException>(() => catalog.InitializeAsync(CancellationToken.None));

        Assert.Contains("no_such_database", error.Message, StringComparison.Ordinal);
        Assert.Contains("Create it", error.Message, StringComparison.Ordinal);
    }

    [CatalogFact]
    public Task Commits_are_durable_even_where_the_server_would_not_wait_for_its_disk() => AssertCommitsAsync(given: "off", made: "on");

    [CatalogFact]
    public Task Commits_are_durable_even_where_the_server_would_not_wait_for_its_standby() => AssertCommitsAsync(given: "local", made: "on");

    [CatalogFact]
    public Task A_stricter_setting_stays() => AssertCommitsAsync(given: "remote_apply", made: "remote_apply");

    [CatalogFact]
    public async Task A_connection_that_is_lost_in_the_commit_leaves_the_outcome_unknown()
    {
        await using var catalog = database.Open();
        await catalog.InitializeAsync(CancellationToken.None);
        await database.RunAsync(
            """
            CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_terminate_backend(pg_backend_pid());
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER lose_book AFTER INSERT ON books DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lose();
            CREATE CONSTRAINT TRIGGER lose_nodes AFTER INSERT ON topology DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lose()
            """);
        CatalogWrite[] writes = [new(Guid.NewGuid(), "book::a", "{}"u8.ToArray(), RowVersion.None)];

        var error = await Assert.ThrowsAsync<OutcomeUnknownException>(() => catalog.WriteAsync(writes, null, CancellationToken.None));
        Assert.Contains("safe", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => catalog.WriteTopologyAsync("europe", new(1, []), CancellationToken.None));

        await database.RunAsync("DROP FUNCTION lose() CASCADE");
        Assert.Equal(CatalogWriteOutcome.Written, Assert.Single(await catalog.WriteAsync(writes, null, CancellationToken.None)).Outcome);
    }

    [CatalogFact]
    public async Task A_write_that_was_never_sent_has_no_unknown_outcome()
    {
        await using var catalog = new PostgresCatalog("Host=127.0.0.1;Port=1;Database=books;Timeout=5");

        await Assert.ThrowsAsync<CatalogUnavailableException>(
            () => catalog.WriteAsync([new(Guid.NewGuid(), "book::a", null, RowVersion.None)], null, CancellationToken.None));
    }

    private async Task RefusesAsync(string before, params string[] parts)
    {
        await database.RunAsync(before);
        await using var catalog = database.Open();
        var error = await Assert.ThrowsAsync<CatalogUnavailableException>(() => catalog.InitializeAsync(CancellationToken.None));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    private async Task AssertCommitsAsync(string given, string made)
    {
        await using var catalog = new PostgresCatalog(database.ConnectionString + $";Options=-c synchronous_commit={given}");
        await catalog.InitializeAsync(CancellationToken.None);
        await database.RunAsync(
            """
            CREATE TABLE seen (setting text);
            CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO seen VALUES (current_setting('synchronous_commit'));
                RETURN NULL;
            END $$;
            CREATE TRIGGER see AFTER INSERT ON books EXECUTE FUNCTION see()
            """);

        await catalog.StoreAsync([new KeyedPayload("book::a", "{}"u8.ToArray())], CancellationToken.None);

        Assert.Equal(made, await database.ScalarAsync("SELECT setting FROM seen"));
    }
}
