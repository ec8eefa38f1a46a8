using Npgsql;
using NpgsqlTypes;

namespace OrleansCache.Catalogs;

/// <summary>
/// Reads what was written since a position in a PostgreSQL database. A snapshot says which transactions had ended: what a row's newest
/// writer tells is hence exactly whether an earlier reader could see the row as it is. Numbers of a sequence could not tell, for a
/// transaction with a smaller one may be committed later.
/// </summary>
internal static class PostgresFeed
{
    // The head comes first, then the rows. Each of the two kinds of rows is found in the index, whatever the statistics say: for conditions
    // with OR, =, or without an order the planner reads the whole table when it has no statistics, or when one statement wrote all rows.
    private const string Sql =
        """
        SELECT
            concat(extract(epoch FROM pg_postmaster_start_time()), '-', 'books'::regclass::oid) AS server,
            pg_current_snapshot()::text AS snapshot,
            ARRAY(
                SELECT coalesce(s.epoch, 0) FROM unnest($1) WITH ORDINALITY AS n (slot, place) LEFT JOIN slots AS s ON s.slot = n.slot
                ORDER BY n.place) AS epochs,
            NULL AS key, NULL::bigint AS version, NULL::uuid AS tag
        UNION ALL
        SELECT NULL, NULL, NULL, key, version, tag FROM (
            (SELECT key, version, tag FROM books WHERE changed >= $2 ORDER BY changed LIMIT $4)
            UNION ALL
            SELECT b.key, b.version, b.tag FROM unnest($3) AS open (number)
            CROSS JOIN LATERAL (
                SELECT key, version, tag FROM books WHERE changed BETWEEN open.number AND open.number ORDER BY changed LIMIT $4) AS b
            LIMIT $4) AS rows
        """;

    public static async Task<CatalogChanges> ReadAsync(
        NpgsqlDataSource database, FeedPosition? since, IReadOnlyList<int> slots, int limit, CancellationToken cancellation)
    {
        var known = since is null ? null : PostgresFeedPosition.Parse(since);
        await using var command = Command(database, known ?? PostgresFeedPosition.End, slots, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        var (server, snapshot) = (reader.GetString(0), reader.GetString(1));
        var position = PostgresFeedPosition.Of(server, snapshot);
        var epochs = await reader.GetFieldValueAsync<long[]>(2, cancellation).ConfigureAwait(false);
        var rows = new List<ChangedRow>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            rows.Add(new(reader.GetString(3), new(reader.GetInt64(4), reader.GetGuid(5))));
        var continues = known is not null && known.Server == server && known.Next <= PostgresFeedPosition.Parse(position)!.Next;
        return CatalogChanges.Of(rows, limit, continues, position, epochs);
    }

    /// <summary>
    /// A dump brings the numbers of the server it was made on, which may lie ahead of those here: such rows would count as changed again
    /// and again. They are written anew, as by plain SQL.
    /// </summary>
    public const string Repair =
        "UPDATE books SET payload = payload WHERE changed >= pg_snapshot_xmax(pg_current_snapshot())";

    /// <summary>The query from a position.</summary>
    internal static NpgsqlCommand Command(NpgsqlDataSource database, PostgresFeedPosition since, IReadOnlyList<int> slots, int limit)
    {
        var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = slots.ToArray() });
        command.Parameters.Add(new() { Value = since.Next, NpgsqlDbType = NpgsqlDbType.Xid8 });
        command.Parameters.Add(new() { Value = since.Open, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Xid8 });
        command.Parameters.Add(new() { Value = limit + 1L });
        return command;
    }
}
