using Microsoft.Data.Sqlite;
using OrleansCache.Catalogs;


namespace OrleansCache.Tests.Catalogs;

/// <summary>Which files are accepted as a catalog.</summary>
public sealed class SqliteFileTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly SqliteTestDatabase database = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_missing_folder_is_created()
    {
        var path = Path.Combine(database.Folder, "new", "folder", "a=b.db");
        await using var catalog = new SqliteCatalog(path);

        await catalog.InitializeAsync(CancellationToken.None);

        Assert.True(File.Exists(path));
        Assert.Single(await catalog.StoreAsync([new KeyedPayload("book::a", "{}"u8.ToArray())], CancellationToken.None));
    }

    [Fact]
    public async Task Several_silos_may_begin_on_a_new_file_at_once()
    {
        for (var round = 0; round < 10; round++)
        {
            var path = Path.Combine(database.Folder, $"{round}.db");
            var catalogs = Enumerable.Range(0, 12).Select(_ => new SqliteCatalog(path)).ToArray();

            await Task.WhenAll(catalogs.Select(catalog => catalog.InitializeAsync(CancellationToken.None))).WaitAsync(Patience);

            foreach (var catalog in catalogs)
                await catalog.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_connection_string_names_the_file_as_well()
    {
        await using var catalog = new SqliteCatalog($"Data Source={database.Path};Default Timeout=1");

        await catalog.InitializeAsync(CancellationToken.None);

        Assert.True(File.Exists(database.Path));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        var file = Path.Combine(database.Folder, "file");
        await File.WriteAllTextAsync(file, "");

        await FailsWithAsync(Path.Combine(file, "catalog.db"), Path.Combine(file, "catalog.db"), "folder");
    }

    [Fact]
    public async Task A_folder_is_no_catalog() => await FailsWithAsync(database.Folder, database.Folder, "cannot be opened");

    [Fact]
    public async Task A_file_of_another_kind_is_named_and_left_as_it_is()
    {
        var text = string.Concat(Enumerable.Repeat("These are my notes. ", 100));
        await File.WriteAllTextAsync(database.Path, text);

        await FailsWithAsync(database.Path, database.Path, "is not a SQLite database");

        Assert.Equal(text, await File.ReadAllTextAsync(database.Path));
    }

    [Fact]
    public async Task A_database_of_another_program_is_named_and_left_as_it_is()
    {
        await using (var connection = await database.ConnectAsync())
            await SqlTestDatabase.RunAsync(connection, "CREATE TABLE books (shelf TEXT)");
        var before = await File.ReadAllBytesAsync(database.Path);

        await FailsWithAsync(database.Path, database.Path, "belongs to another program");

        Assert.Equal(before, await File.ReadAllBytesAsync(database.Path));
    }

    [Fact]
    public async Task A_catalog_of_a_newer_version_is_refused_with_both_versions()
    {
        await using (var catalog = database.Open())
            await catalog.InitializeAsync(CancellationToken.None);
        await using (var connection = await database.ConnectAsync())
            await SqlTestDatabase.RunAsync(connection, "PRAGMA user_version = 999");

        await FailsWithAsync(database.Path, database.Path, "newer", "999");
    }

    [Fact]
    public async Task A_catalog_that_is_lost_is_not_replaced_by_an_empty_one()
    {
        await using var catalog = database.Open();

        var error = await Assert.ThrowsAsync<CatalogUnavailableException>(() => catalog.ReadAsync(["book::a"], CancellationToken.None));

        Assert.Contains(database.Path, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(database.Path));
    }

    [Fact]
    public async Task An_empty_file_must_be_initialized()
    {
        await File.WriteAllTextAsync(database.Path, "");
        await using var catalog = database.Open();

        var error = await Assert.ThrowsAsync<CatalogUnavailableException>(() => catalog.ReadAsync(["book::a"], CancellationToken.None));

        Assert.Contains("Initialize", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_that_stays_ends_in_an_error_that_names_the_file()
    {
        await using var catalog = new SqliteCatalog($"Data Source={database.Path};Default Timeout=1");
        await catalog.InitializeAsync(CancellationToken.None);
        await using var held = await database.HoldAsync("book::a");

        var error = await Assert.ThrowsAsync<CatalogUnavailableException>(() =>
            catalog.StoreAsync([new KeyedPayload("book::a", "{}"u8.ToArray())], CancellationToken.None).WaitAsync(Patience));

        Assert.Contains(database.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("locked", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commits_are_durable_and_readers_cannot_write()
    {
        await using (var catalog = database.Open())
            await catalog.InitializeAsync(CancellationToken.None);
        var file = new SqliteFile(database.Path);
        using var writer = file.Open(create: false, write: true);
        using var reader = file.Open(create: false, write: false);

        Assert.Equal("wal", writer.Scalar<string>("PRAGMA journal_mode"));
        Assert.Equal(2, writer.Scalar<long>("PRAGMA synchronous"));
        Assert.Throws<SqliteException>(() => reader.Run("DELETE FROM books"));
    }

    [Fact]
    public async Task A_disk_that_fails_in_the_commit_leaves_the_outcome_unknown()
    {
        await using var catalog = database.Open();
        await catalog.InitializeAsync(CancellationToken.None);
        await catalog.StoreAsync([new KeyedPayload("book::a", "{}"u8.ToArray())], CancellationToken.None);
        BrokenDisk.Break(database.Path + "-wal");

        CatalogWrite[] writes = [new(Guid.NewGuid(), "book::b", "{}"u8.ToArray(), RowVersion.None)];
        var error = await Assert.ThrowsAsync<OutcomeUnknownException>(() => catalog.WriteAsync(writes, null, CancellationToken.None));

        Assert.Contains(database.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("safe", error.Message, StringComparison.Ordinal);
        Assert.Equal(CatalogWriteOutcome.Written, Assert.Single(await catalog.WriteAsync(writes, null, CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task Waiting_for_the_disk_takes_no_thread_from_the_pool()
    {
        await using (var catalog = database.Open())
            await catalog.InitializeAsync(CancellationToken.None);
        await using var lane = new SqliteLane(new SqliteFile(database.Path), 1, writes: false);

        Assert.False(await lane.RunAsync("read", _ => Thread.CurrentThread.IsThreadPoolThread, CancellationToken.None));
    }

    [Fact]
    public async Task A_running_statement_is_interrupted_when_its_caller_cancels()
    {
        await using (var catalog = database.Open())
            await catalog.InitializeAsync(CancellationToken.None);
        await using var lane = new SqliteLane(new SqliteFile(database.Path), 1, writes: false);
        using var giveUp = new CancellationTokenSource();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var endless = lane.RunAsync(
            "read",
            connection =>
            {
                connection.CreateFunction("began", () => started.TrySetResult());
                return connection.Scalar<long>(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(began()) FROM n");
            },
            giveUp.Token);
        await started.Task.WaitAsync(Patience);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless.WaitAsync(Patience));
        Assert.Equal(1, await lane.RunAsync("read", connection => connection.Scalar<long>("SELECT 1"), CancellationToken.None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(":memory:")]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=shared;Mode=Memory;Cache=Shared")]
    [InlineData("file:catalog.db")]
    [InlineData("Data Source=catalog.db;Colour=blue")]
    public void A_connection_string_without_a_file_is_refused(string text) =>
        Assert.Throws<ArgumentException>(() => new SqliteCatalog(text));

    private static async Task FailsWithAsync(string path, params string[] parts)
    {
        await using var catalog = new SqliteCatalog(path);
        var error = await Assert.ThrowsAsync<CatalogUnavailableException>(
            () => catalog.InitializeAsync(CancellationToken.None).WaitAsync(Patience));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
