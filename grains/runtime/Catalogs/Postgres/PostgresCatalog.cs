using Npgsql;

namespace OrleansCache.Catalogs;

/// <summary>The catalog for production: a PostgreSQL database. Commits are durable, reads go to the primary.</summary>
internal sealed class PostgresCatalog : ICatalogStore
{
    // The driver's default of 100 is the number that a server allows all of its clients together.
    private const int UsualConnections = 16;

    private readonly NpgsqlDataSource _database;
    private readonly string _place;

    /// <summary>Creates the catalog, which connects on first use.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be used.</exception>
    public PostgresCatalog(string connectionString)
    {
        try
        {
            var builder = new NpgsqlDataSourceBuilder(connectionString);
            var settings = builder.ConnectionStringBuilder;
            if (string.IsNullOrWhiteSpace(settings.Host))
                throw new ArgumentException("it names no Host");
            if (settings.Host.Contains(','))
                settings.TargetSessionAttributes ??= "primary";
            if (!settings.ShouldSerialize("Maximum Pool Size"))
                settings.MaxPoolSize = Math.Max(UsualConnections, settings.MinPoolSize);
            _place = $"{settings.Database ?? settings.Username} on {settings.Host}:{settings.Port}";
            _database = builder.Build();
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
        await using var connection = await _database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await PostgresSchema.ApplyAsync(connection, _place, cancellation).ConfigureAwait(false);
        return true;
    });

    /// <inheritdoc/>
    public async Task<CachedRow[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0)
            return [];
        return await TryAsync("read", () => PostgresBooks.ReadAsync(_database, keys, cancellation)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<CatalogWriteResult[]> WriteAsync(
        IReadOnlyList<CatalogWrite> writes, SlotEpoch? epoch, CancellationToken cancellation)
    {
        WriteBatch.Validate(writes);
        if (writes.Count == 0)
            return [];
        return await WriteAsync(
            async connection =>
            {
                try
                {
                    return await PostgresBooks.WriteAsync(connection, writes, epoch, cancellation).ConfigureAwait(false);
                }
                catch (PostgresException refused) when (epoch is not null && refused.SqlState == PostgresClusterStep.StaleEpoch)
                {
                    throw PostgresSlots.Refusal(epoch.Value, refused);
                }
            },
            cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<CachedRow[]> FenceAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0)
            return [];
        return await WriteAsync(connection => PostgresBooks.FenceAsync(connection, keys, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListKeysAsync(string? after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return TryAsync("read", () => PostgresBooks.ListKeysAsync(_database, after ?? "", limit, cancellation));
    }

    /// <inheritdoc/>
    public Task<CatalogChanges> ReadChangesAsync(
        FeedPosition? since, IReadOnlyList<int> slots, int limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(slots);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return TryAsync("read", () => PostgresFeed.ReadAsync(_database, since, slots, limit, cancellation));
    }

    /// <inheritdoc/>
    public async Task<long[]> RaiseEpochsAsync(IReadOnlyList<int> slots, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(slots);
        if (slots.Count == 0)
            return [];
        return await WriteAsync(connection => PostgresSlots.RaiseAsync(connection, slots, cancellation), cancellation)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> AgreeOnSettingsAsync(
        IReadOnlyDictionary<string, string> mine, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mine);
        return WriteAsync(connection => PostgresSettings.AgreeAsync(connection, mine, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ForgetSettingsAsync(CancellationToken cancellation) =>
        WriteAsync(connection => PostgresSettings.ForgetAsync(connection, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<StoredTopology?> ReadTopologyAsync(string region, CancellationToken cancellation) => TryAsync("read", async () =>
    {
        await using var command = _database.CreateCommand("SELECT version, nodes FROM topology WHERE region = $1");
        command.Parameters.Add(new() { Value = region });
        await using var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await rows.ReadAsync(cancellation).ConfigureAwait(false)
            ? new StoredTopology(rows.GetInt64(0), TopologyJson.Read(region, rows.GetString(1)))
            : null;
    });

    /// <inheritdoc/>
    public Task<bool> WriteTopologyAsync(string region, StoredTopology topology, CancellationToken cancellation) =>
        WriteAsync(connection => WriteRowAsync(connection, region, topology, cancellation), cancellation);

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static async Task<bool> WriteRowAsync(
        NpgsqlConnection connection, string region, StoredTopology topology, CancellationToken cancellation)
    {
        await using var batch = connection.Durably(
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
            throw new CatalogUnavailableException($"The catalog {_place} cannot be {attempt}: {Cause(error)}");
        }
    }

    private Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation) => TryAsync("written", async () =>
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return await work(connection).ConfigureAwait(false);
        }
        catch (Exception error) when (IsOutcomeUnknown(error))
        {
            throw new OutcomeUnknownException(
                $"The catalog {_place} was lost or given up while it was written: the change may have been made or not. "
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
