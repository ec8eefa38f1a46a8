using System.Text;
using Npgsql;

namespace OrleansCache.Catalogs;

/// <summary>Reads and writes books in a PostgreSQL database.</summary>
internal static class PostgresBooks
{
    public static async Task<CachedRow[]> ReadAsync(NpgsqlDataSource database, IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        // Of what others have written that is no book anyway, no more comes here than shows that.
        await using var command = database.CreateCommand(
            """
            SELECT version, tag, CASE WHEN octet_length(payload) > $2 THEN left(payload, $2 + 1) ELSE payload END, key
            FROM books WHERE key = ANY ($1)
            """);
        command.Parameters.Add(new() { Value = keys.Distinct(StringComparer.Ordinal).ToArray() });
        command.Parameters.Add(new() { Value = BookPayload.MaxBytes });
        await using var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var found = await ByKeyAsync(rows, cancellation).ConfigureAwait(false);
        return [.. keys.Select(key => found.GetValueOrDefault(key) ?? CachedRow.Never(key))];
    }

    public static async Task<IReadOnlyList<string>> ListKeysAsync(
        NpgsqlDataSource database, string after, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT key FROM books WHERE key > $1 AND payload IS NOT NULL ORDER BY key LIMIT $2");
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        await using var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var keys = new List<string>();
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            keys.Add(rows.GetString(0));
        return keys;
    }

    public static async Task<CatalogWriteResult[]> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<CatalogWrite> writes, SlotEpoch? epoch, CancellationToken cancellation)
    {
        await using var batch = connection.Durably(
            PostgresCommands.LockOfBooks,
            "SELECT o_version, o_tag, o_payload, o_place, o_made, o_written FROM write_books($1, $2, $3, $4, $5)",
            writes.Select(write => write.Id).ToArray(),
            writes.Select(write => write.Key).ToArray(),
            writes.Select(write => write.Payload is { } payload ? Encoding.UTF8.GetString(payload) : null).ToArray(),
            writes.Select(write => write.Expected.Version).ToArray(),
            writes.Select(write => write.Expected.Tag).ToArray());
        if (epoch is { } own)
            batch.BatchCommands.Insert(1, PostgresSlots.Check(own));
        await using var rows = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        for (var before = batch.BatchCommands.Count - 1; before > 0; before--)
            await rows.NextResultAsync(cancellation).ConfigureAwait(false);
        var results = new CatalogWriteResult[writes.Count];
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var place = (int)rows.GetInt64(3) - 1;
            var write = writes[place];
            results[place] = rows.GetBoolean(5) ? CatalogWriteResult.Written(write)
                : rows.IsDBNull(4) ? CatalogWriteResult.Mismatch(RowOf(write.Key, rows))
                : CatalogWriteResult.MadeBefore(write, rows.GetInt64(4), RowOf(write.Key, rows));
        }

        // The rows arrive before the commit: only the end of the batch confirms it.
        await rows.NextResultAsync(cancellation).ConfigureAwait(false);
        return results;
    }

    private static async Task<Dictionary<string, CachedRow>> ByKeyAsync(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        var copies = new Dictionary<string, CachedRow>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var key = rows.GetString(3);
            copies[key] = RowOf(key, rows);
        }

        return copies;
    }

    private static CachedRow RowOf(string key, NpgsqlDataReader row) =>
        new(key, new(row.GetInt64(0), row.GetGuid(1)), row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2));
}
