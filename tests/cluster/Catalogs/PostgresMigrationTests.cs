using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>Migrating a database that an earlier version created.</summary>
[NeedsPostgres, Collection(PostgresServer.Collection)]
public sealed class PostgresMigrationTests(PostgresServer server) : IAsyncLifetime
{
    // Exactly as version 1 created it.
    private const string Version1 =
        """
        CREATE TABLE books (
            key     text COLLATE "C" PRIMARY KEY,
            version bigint NOT NULL,
            tag     uuid   NOT NULL,
            payload text   COLLATE "C" NOT NULL
        );
        CREATE TABLE topology (
            region  text COLLATE "C" PRIMARY KEY,
            version bigint NOT NULL,
            nodes   text   NOT NULL
        );
        CREATE TABLE catalog_version (version integer NOT NULL);
        INSERT INTO catalog_version VALUES (1);
        INSERT INTO books VALUES
            ('book::a', 3, '00112233-4455-6677-8899-aabbccddeeff', '{"title":"A"}'),
            ('book::b', 1, gen_random_uuid(), '{"title":"B"}');
        INSERT INTO topology VALUES ('europe', 1, '[]');
        """;

    private readonly PostgresTestDatabase database = new(server);

    public async Task InitializeAsync()
    {
        await database.CreateAsync();
        await database.RunAsync(Version1);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [CatalogFact]
    public async Task A_catalog_of_version_1_keeps_its_books_and_is_migrated()
    {
        await using var catalog = database.Open();
        await catalog.InitializeAsync(CancellationToken.None);

        var rows = await catalog.ReadAsync(["book::a", "book::b"], CancellationToken.None);
        Assert.Equal(new RowVersion(3, Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")), rows[0].Identity);
        Assert.Equal(["A", "B"], rows.Select(row => BookPayload.Decode(row.Payload).Title));
        Assert.NotNull(await catalog.ReadTopologyAsync("europe", CancellationToken.None));

        var written = Assert.Single(
            await catalog.WriteAsync([new(Guid.NewGuid(), "book::a", null, rows[0].Identity)], null, CancellationToken.None));
        Assert.Equal((CatalogWriteOutcome.Written, 4), (written.Outcome, written.Identity.Version));
        await database.RunAsync("DELETE FROM books");
        Assert.Empty(await catalog.ListKeysAsync(null, 10, CancellationToken.None));
        Assert.Equal(2, Assert.Single(await catalog.ReadAsync(["book::b"], CancellationToken.None)).Identity.Version);
    }

    [CatalogFact]
    public async Task Several_processes_may_migrate_it_at_once()
    {
        var catalogs = Enumerable.Range(0, 6).Select(_ => database.Open()).ToArray();

        await Task.WhenAll(catalogs.Select(catalog => Task.Run(() => catalog.InitializeAsync(CancellationToken.None))));

        Assert.Equal(4, await database.ScalarAsync("SELECT max(version) FROM catalog_version"));
        foreach (var catalog in catalogs)
            await catalog.DisposeAsync();
    }
}
