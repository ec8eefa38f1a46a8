using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace OrleansCache.Catalog;

/// <summary>
/// The embedded catalog: one SQLite file, which several processes of one machine may share. Commits survive a power
/// loss. Readers never wait for the writer.
/// </summary>
public sealed class SqliteCatalog : ICatalog
{
    private readonly SqliteFile _file;
    private readonly SqliteLane _readers;
    private readonly SqliteLane _writer;

    /// <summary>Names the file; it is opened when it is used.</summary>
    /// <param name="pathOrConnectionString">The file's path, or a connection string with a Data Source.</param>
    /// <exception cref="ArgumentException">That names no file.</exception>
    public SqliteCatalog(string pathOrConnectionString)
    {
        ArgumentNullException.ThrowIfNull(pathOrConnectionString);
        _file = new SqliteFile(pathOrConnectionString);
        _readers = new SqliteLane(_file, Math.Clamp(Environment.ProcessorCount, 2, 8), writes: false);
        _writer = new SqliteLane(_file, 1, writes: true);
    }

    /// <inheritdoc/>
    /// <remarks>Makes the file, and its folder, where there is none.</remarks>
    public Task InitializeAsync(CancellationToken cancellation) => Task.Run(() => Initialize(cancellation), cancellation);

    /// <inheritdoc/>
    public async Task<BookCopy?[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        WriteBatch.Validate(keys);
        return keys.Count == 0 ? [] : await _readers.RunAsync("read", connection => Read(connection, keys), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<StoreOutcome[]> StoreAsync(IReadOnlyList<BookWrite> books, CancellationToken cancellation)
    {
        var distinct = WriteBatch.Distinct(books);
        return distinct.Length == 0
            ? []
            : await _writer.RunAsync("written", connection => Store(connection, books, distinct, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListKeysAsync(string? after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return _readers.RunAsync("read", connection => ListKeys(connection, after ?? "", limit), cancellation);
    }

    /// <inheritdoc/>
    public Task<StoredTopology?> ReadTopologyAsync(string region, CancellationToken cancellation) =>
        _readers.RunAsync("read", connection => ReadTopology(connection, region), cancellation);

    /// <inheritdoc/>
    public Task<bool> WriteTopologyAsync(string region, StoredTopology topology, CancellationToken cancellation) =>
        _writer.RunAsync("written", connection => WriteTopology(connection, region, topology, cancellation), cancellation);

    /// <summary>Waits for the calls that run, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync().ConfigureAwait(false);
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

    private static BookCopy?[] Read(SqliteConnection connection, IReadOnlyList<string> keys)
    {
        // The keys travel as one JSON array, so their number has no limit; CROSS JOIN keeps SQLite from turning the loops round.
        using var command = connection.Command(
            "SELECT k.key, b.version, b.tag, b.payload FROM json_each($keys) AS k CROSS JOIN books AS b ON b.key = k.value",
            ("$keys", JsonSerializer.Serialize(keys)));
        using var rows = command.ExecuteReader();
        var copies = new BookCopy?[keys.Count];
        while (rows.Read())
        {
            var index = rows.GetInt32(0);
            var tag = new Guid(rows.GetFieldValue<byte[]>(2), bigEndian: true);
            copies[index] = new BookCopy(keys[index], new BookIdentity(rows.GetInt64(1), tag), rows.GetFieldValue<byte[]>(3));
        }

        return copies;
    }

    private StoreOutcome[] Store(SqliteConnection connection, IReadOnlyList<BookWrite> books, BookWrite[] distinct, CancellationToken cancellation)
    {
        // The cast stores the payload's bytes as text without a detour through a string.
        using var command = connection.Command(
            """
            INSERT INTO books (key, version, tag, payload) VALUES ($key, 1, $tag, CAST($payload AS TEXT))
            ON CONFLICT (key) DO UPDATE SET version = version + 1, tag = excluded.tag, payload = excluded.payload
            WHERE payload IS NOT excluded.payload
            RETURNING version
            """);
        var key = command.Parameters.Add("$key", SqliteType.Text);
        var tag = command.Parameters.Add("$tag", SqliteType.Blob);
        var payload = command.Parameters.Add("$payload", SqliteType.Blob);
        var outcomes = new Dictionary<string, StoreOutcome>(distinct.Length, StringComparer.Ordinal);
        connection.RunWhenFree("BEGIN IMMEDIATE", cancellation);
        foreach (var book in distinct)
        {
            cancellation.ThrowIfCancellationRequested();
            key.Value = book.Key;
            tag.Value = Guid.NewGuid().ToByteArray(bigEndian: true);
            payload.Value = book.Payload;
            outcomes[book.Key] = command.ExecuteScalar() switch
            {
                null => StoreOutcome.Unchanged,
                1L => StoreOutcome.Created,
                _ => StoreOutcome.Updated,
            };
        }

        _file.Commit(connection);
        return [.. books.Select(book => outcomes[book.Key])];
    }

    private static IReadOnlyList<string> ListKeys(SqliteConnection connection, string after, int limit)
    {
        using var command = connection.Command("SELECT key FROM books WHERE key > $after ORDER BY key LIMIT $limit", ("$after", after), ("$limit", limit));
        using var rows = command.ExecuteReader();
        var keys = new List<string>();
        while (rows.Read())
            keys.Add(rows.GetString(0));
        return keys;
    }

    private static StoredTopology? ReadTopology(SqliteConnection connection, string region)
    {
        using var command = connection.Command("SELECT version, nodes FROM topology WHERE region = $region", ("$region", region));
        using var rows = command.ExecuteReader();
        return rows.Read() ? new StoredTopology(rows.GetInt64(0), TopologyJson.Read(region, rows.GetString(1))) : null;
    }

    private bool WriteTopology(SqliteConnection connection, string region, StoredTopology topology, CancellationToken cancellation)
    {
        using var command = connection.Command(
            """
            INSERT INTO topology (region, version, nodes)
            SELECT $region, $version, $nodes WHERE $version = 1 OR EXISTS (SELECT 1 FROM topology WHERE region = $region)
            ON CONFLICT (region) DO UPDATE SET version = excluded.version, nodes = excluded.nodes WHERE topology.version = excluded.version - 1
            RETURNING 1
            """,
            ("$region", region),
            ("$version", topology.Version),
            ("$nodes", TopologyJson.Write(topology.Nodes)));
        connection.RunWhenFree("BEGIN IMMEDIATE", cancellation);
        var written = command.ExecuteScalar() is not null;
        _file.Commit(connection);
        return written;
    }
}
