using Microsoft.Data.Sqlite;

namespace OrleansCache.Catalogs;

/// <summary>
/// The embedded catalog: one SQLite file, which several processes of one machine may share. Commits survive a power
/// loss. Readers never wait for the writer.
/// </summary>
public sealed class SqliteCatalog : ICatalogStore
{
    // One that works when as many hang as a silo has queries for rows at a time.
    private const int Readers = 6;

    private readonly SqliteFile _file;
    private readonly SqliteLane _readers;
    private readonly SqliteLane _feed;
    private readonly SqliteLane _writer;

    /// <summary>Creates the catalog; the file is opened on first use.</summary>
    /// <param name="pathOrConnectionString">The file's path, or a connection string with a Data Source.</param>
    /// <exception cref="ArgumentException">The text names no file.</exception>
    public SqliteCatalog(string pathOrConnectionString)
    {
        ArgumentNullException.ThrowIfNull(pathOrConnectionString);
        _file = new SqliteFile(pathOrConnectionString);
        _readers = new SqliteLane(_file, Readers, writes: false);
        _feed = new SqliteLane(_file, 1, writes: false);
        _writer = new SqliteLane(_file, 1, writes: true);
    }

    /// <inheritdoc/>
    /// <remarks>Creates the file and its folder if they do not exist.</remarks>
    public Task InitializeAsync(CancellationToken cancellation) => Task.Run(() => Initialize(cancellation), cancellation);

    /// <inheritdoc/>
    public async Task<CachedRow[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0)
            return [];
        return await _readers.RunAsync("read", connection => SqliteBooks.Read(connection, keys), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<CatalogWriteResult[]> WriteAsync(
        IReadOnlyList<CatalogWrite> writes, SlotEpoch? epoch, CancellationToken cancellation)
    {
        WriteBatch.Validate(writes);
        if (writes.Count == 0)
            return [];
        return await CommitAsync(connection => Write(connection, writes, epoch, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListKeysAsync(string? after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return _readers.RunAsync("read", connection => SqliteBooks.ListKeys(connection, after ?? "", limit), cancellation);
    }

    /// <inheritdoc/>
    public Task<CatalogChanges> ReadChangesAsync(
        FeedPosition? since, IReadOnlyList<int> slots, int limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(slots);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return _feed.RunAsync("read", connection => SqliteFeed.Read(connection, since, slots, limit), cancellation);
    }

    /// <inheritdoc/>
    public async Task<long[]> RaiseEpochsAsync(IReadOnlyList<int> slots, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(slots);
        if (slots.Count == 0)
            return [];
        return await CommitAsync(connection => SqliteSlots.Raise(connection, slots), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> AgreeOnSettingsAsync(
        IReadOnlyDictionary<string, string> mine, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mine);
        return CommitAsync(connection => SqliteSettings.Agree(connection, mine), cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ForgetSettingsAsync(CancellationToken cancellation) =>
        CommitAsync(SqliteSettings.Forget, cancellation);

    /// <inheritdoc/>
    public Task<StoredTopology?> ReadTopologyAsync(string region, CancellationToken cancellation) =>
        _readers.RunAsync("read", connection => ReadTopology(connection, region), cancellation);

    /// <inheritdoc/>
    public Task<bool> WriteTopologyAsync(string region, StoredTopology topology, CancellationToken cancellation) =>
        CommitAsync(connection => WriteTopology(connection, region, topology), cancellation);

    /// <summary>Waits for running calls, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync().ConfigureAwait(false);
        await _feed.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    private void Initialize(CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file.Path) ?? _file.Path);
            using var connection = _file.Open(create: true, write: true);
            SqliteSchema.Apply(_file, connection, cancellation);
        }
        catch (SqliteException error)
        {
            throw _file.Failure("opened", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CatalogUnavailableException($"The folder of the catalog {_file.Path} cannot be made: {error.Message}");
        }
    }

    private static CatalogWriteResult[] Write(
        SqliteConnection connection, IReadOnlyList<CatalogWrite> writes, SlotEpoch? epoch, CancellationToken cancellation)
    {
        if (epoch is { } own)
            SqliteSlots.Check(connection, own);
        var results = new CatalogWriteResult[writes.Count];
        using (var edits = new SqliteEdits(connection))
        {
            for (var i = 0; i < results.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                results[i] = edits.Make(writes[i]);
            }
        }

        SqliteBooks.Forget(connection, results.Length);
        return results;
    }

    /// <summary>Runs work that writes, in one transaction.</summary>
    private Task<T> CommitAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation) => _writer.RunAsync(
        "written",
        connection =>
        {
            connection.RunWhenFree("BEGIN IMMEDIATE", cancellation);
            var result = work(connection);
            _file.Commit(connection);
            return result;
        },
        cancellation);

    private static StoredTopology? ReadTopology(SqliteConnection connection, string region)
    {
        using var command = connection.Command("SELECT version, nodes FROM topology WHERE region = $region", ("$region", region));
        using var rows = command.ExecuteReader();
        return rows.Read() ? new StoredTopology(rows.GetInt64(0), TopologyJson.Read(region, rows.GetString(1))) : null;
    }

    private static bool WriteTopology(SqliteConnection connection, string region, StoredTopology topology)
    {
        using var command = connection.Command(
            """
            INSERT INTO topology (region, version, nodes)
            SELECT $region, $version, $nodes WHERE $version = 1 OR EXISTS (SELECT 1 FROM topology WHERE region = $region)
            ON CONFLICT (region) DO UPDATE SET version = excluded.version, nodes = excluded.nodes
            WHERE topology.version = excluded.version - 1
            RETURNING 1
            """,
            ("$region", region),
            ("$version", topology.Version),
            ("$nodes", TopologyJson.Write(topology.Nodes)));
        return command.ExecuteScalar() is not null;
    }
}
