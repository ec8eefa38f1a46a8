using Npgsql;

namespace OrleansCache.Catalogs;

/// <summary>The catalog for production: a PostgreSQL database. Commits are durable, reads go to the primary.</summary>
internal sealed class PostgresCatalog : ICatalogStore
{
    // More would wait longer than their authors do.
    private const int MostWrites = 10_000;

    private readonly PostgresLanes _lanes;
    private int _writes;

    /// <summary>Creates the catalog, which connects on first use.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be used.</exception>
    public PostgresCatalog(string connectionString)
    {
        try
        {
            _lanes = new(connectionString);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException or FormatException)
        {
            throw new ArgumentException(
                $"The catalog's connection string for PostgreSQL cannot be used: {error.Message}. "
                + "Give one such as Host=db;Database=books;Username=cache.");
        }
    }

    /// <inheritdoc/>
    public Task InitializeAsync(CancellationToken cancellation) => TryAsync("opened", async () =>
    {
        await using var connection = await _lanes.Cluster.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await PostgresSchema.ApplyAsync(connection, _lanes.Place, cancellation).ConfigureAwait(false);
        return true;
    });

    /// <inheritdoc/>
    public async Task<CachedRow[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0)
            return [];
        return await TryAsync("read", () => PostgresBooks.ReadAsync(_lanes.Reads, keys, cancellation)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<CatalogWriteResult[]> WriteAsync(
        IReadOnlyList<CatalogWrite> writes, SlotEpoch? epoch, CancellationToken cancellation)
    {
        WriteBatch.Validate(writes);
        if (writes.Count == 0)
            return [];
        if (Interlocked.Increment(ref _writes) > MostWrites)
        {
            Interlocked.Decrement(ref _writes);
            throw new CatalogUnavailableException(
                $"{MostWrites:N0} writes of the catalog are waiting already; \"{writes[0].Key}\" is not written now. Try again later.");
        }

        try
        {
            return await WriteAsync(_lanes.Writes, connection => WriteAsync(connection, writes, epoch, cancellation), cancellation)
                .ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _writes);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListKeysAsync(string? after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return TryAsync("read", () => PostgresBooks.ListKeysAsync(_lanes.Reads, after ?? "", limit, cancellation));
    }

    /// <inheritdoc/>
    public Task<CatalogChanges> ReadChangesAsync(
        FeedPosition? since, IReadOnlyList<int> slots, int limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(slots);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return TryAsync("read", () => PostgresFeed.ReadAsync(_lanes.Feed, since, slots, limit, cancellation));
    }

    /// <inheritdoc/>
    public async Task<long[]> RaiseEpochsAsync(IReadOnlyList<int> slots, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(slots);
        if (slots.Count == 0)
            return [];
        return await WriteAsync(
            _lanes.Cluster, connection => PostgresSlots.RaiseAsync(connection, slots, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> AgreeOnSettingsAsync(
        IReadOnlyDictionary<string, string> mine, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mine);
        return WriteAsync(_lanes.Cluster, connection => PostgresSettings.AgreeAsync(connection, mine, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ForgetSettingsAsync(CancellationToken cancellation) =>
        WriteAsync(_lanes.Cluster, connection => PostgresSettings.ForgetAsync(connection, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<StoredTopology?> ReadTopologyAsync(string region, CancellationToken cancellation) => TryAsync("read", async () =>
    {
        await using var command = _lanes.Cluster.CreateCommand("SELECT version, nodes FROM topology WHERE region = $1");
        command.Parameters.Add(new() { Value = region });
        await using var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await rows.ReadAsync(cancellation).ConfigureAwait(false)
            ? new StoredTopology(rows.GetInt64(0), TopologyJson.Read(region, rows.GetString(1)))
            : null;
    });

    /// <inheritdoc/>
    public Task<bool> WriteTopologyAsync(string region, StoredTopology topology, CancellationToken cancellation) =>
        WriteAsync(_lanes.Cluster, connection => WriteRowAsync(connection, region, topology, cancellation), cancellation);

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _lanes.DisposeAsync();

    private static async Task<CatalogWriteResult[]> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<CatalogWrite> writes, SlotEpoch? epoch, CancellationToken cancellation)
    {
        try
        {
            return await PostgresBooks.WriteAsync(connection, writes, epoch, cancellation).ConfigureAwait(false);
        }
        catch (PostgresException refused) when (epoch is not null && refused.SqlState == PostgresClusterStep.StaleEpoch)
        {
            throw PostgresSlots.Refusal(epoch.Value, refused);
        }
        catch (PostgresException locked) when (locked.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            var books = writes.Count == 1
                ? $"\"{writes[0].Key}\" is"
                : $"one of {writes.Count:N0} books, \"{writes[0].Key}\" to \"{writes[^1].Key}\", is";
            throw new CatalogUnavailableException(
                $"Nothing was written: {books} locked by another transaction in the database, which was left open or takes long. End it "
                + "(pg_stat_activity and pg_locks show whose it is), then make the change again.");
        }
    }

    private static async Task<bool> WriteRowAsync(
        NpgsqlConnection connection, string region, StoredTopology topology, CancellationToken cancellation)
    {
        await using var batch = connection.Durably(
            PostgresCommands.LockOfCluster,
            """
            INSERT INTO topology (region, version, nodes)
            SELECT $1, $2, $3 WHERE $2 = 1 OR EXISTS (SELECT 1 FROM topology WHERE region = $1)
            ON CONFLICT (region) DO UPDATE SET version = excluded.version, nodes = excluded.nodes
            WHERE topology.version = excluded.version - 1
            """,
            region,
            topology.Version,
            TopologyJson.Write(topology.Nodes));
        await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        return batch.BatchCommands[1].RecordsAffected > 0;
    }

    private async Task<T> TryAsync<T>(string attempt, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            // Exceptions of the driver are not serializable between silos, so their text becomes part of the message.
            throw new CatalogUnavailableException($"The catalog {_lanes.Place} cannot be {attempt}: {Cause(error)}");
        }
    }

    private Task<T> WriteAsync<T>(
        NpgsqlDataSource lane, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation) => TryAsync("written", async () =>
    {
        await using var connection = await lane.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        var isUnconfirmed = false;
        connection.Notice += (_, told) => isUnconfirmed |= PostgresCommands.IsUnconfirmedCommit(told.Notice);
        try
        {
            var result = await work(connection).ConfigureAwait(false);
            return isUnconfirmed
                ? throw new OutcomeUnknownException(
                    $"The catalog {_lanes.Place} has made the change, but no synchronous standby has confirmed it in time, so it is lost if "
                    + "the primary is. Make it again, which is safe, when a standby that synchronous_standby_names names is connected.")
                : result;
        }
        catch (Exception error) when (IsOutcomeUnknown(error))
        {
            throw new OutcomeUnknownException(
                $"The catalog {_lanes.Place} was lost or given up while it was written: the change may have been made or not. "
                + $"Make it again, which is safe. {Cause(error)}");
        }
    });

    // The error of a statement has rolled the transaction back; a cancelled write ends with such an error when the server has received
    // the cancellation. Any other end of the connection may have come after the commit, or the server may still commit.
    private static bool IsOutcomeUnknown(Exception error) => error switch
    {
        PostgresException refused => refused.InvariantSeverity is not "ERROR",
        OperationCanceledException givenUp => givenUp.InnerException is not PostgresException,
        _ => error is NpgsqlException or TimeoutException,
    };

    private static string Cause(Exception error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } => "it has no tables of a catalog. Initialize it first.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing =>
            $"{missing.MessageText}. Create it, or name another one.",
        PostgresException refused => $"{refused.MessageText} ({refused.SqlState}).",
        { InnerException: { } inner } => $"{error.Message}: {inner.Message}. Check that the server runs and can be reached.",
        _ => $"{error.Message}.",
    };
}
