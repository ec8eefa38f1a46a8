using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>Migrating a file that an earlier version created.</summary>
public sealed class SqliteMigrationTests : IAsyncLifetime
{
    // Exactly as version 1 created it.
    private const string Version1 =
        """
        PRAGMA journal_mode = WAL;
        CREATE TABLE books (
            key     TEXT    NOT NULL PRIMARY KEY,
            version INTEGER NOT NULL,
            tag     BLOB    NOT NULL CHECK (length(tag) = 16),
            payload TEXT    NOT NULL
        ) STRICT;
        CREATE TABLE topology (
            region  TEXT    NOT NULL PRIMARY KEY,
            version INTEGER NOT NULL,
            nodes   TEXT    NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO books VALUES
            ('book::a', 3, x'00112233445566778899aabbccddeeff', '{"title":"A"}'),
            ('book::b', 1, randomblob(16), '{"title":"B"}');
        INSERT INTO topology VALUES ('europe', 1, '[]');
        PRAGMA application_id = 1329807947;
        PRAGMA user_version = 1;
        """;

    private readonly SqliteTestDatabase database = new();

    public Task InitializeAsync() => database.RunAsync(Version1);

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
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

    [Fact]
    public async Task Several_processes_may_migrate_it_at_once()
    {
        var catalogs = Enumerable.Range(0, 6).Select(_ => database.Open()).ToArray();

        await Task.WhenAll(catalogs.Select(catalog => Task.Run(() => catalog.InitializeAsync(CancellationToken.None))));

        Assert.Equal(4L, await database.ScalarAsync("PRAGMA user_version"));
        foreach (var catalog in catalogs)
            await catalog.DisposeAsync();
    }
}
