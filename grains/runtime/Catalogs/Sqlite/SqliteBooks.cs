using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace OrleansCache.Catalogs;

/// <summary>Reads and writes books in a SQLite file. Writes expect that the connection holds the write lock of the file.</summary>
internal static class SqliteBooks
{
    private const int SecondsRemembered = 24 * 60 * 60;

    public static CachedRow[] Read(SqliteConnection connection, IReadOnlyList<string> keys)
    {
        // The keys travel as one JSON array, so their number has no limit; CROSS JOIN keeps SQLite from reversing the loops.
        using var command = connection.Command(
            """
            SELECT b.version, b.tag, substr(b.payload, 1, $most + 1), k.key
            FROM json_each($keys) AS k CROSS JOIN books AS b ON b.key = k.value
            """,
            ("$keys", JsonSerializer.Serialize(keys)),
            // Of what others have written that is no book anyway, no more is read than shows that.
            ("$most", BookPayload.MaxBytes));
        using var rows = command.ExecuteReader();
        var copies = new CachedRow[keys.Count];
        while (rows.Read())
        {
            var index = rows.GetInt32(3);
            copies[index] = RowOf(keys[index], rows);
        }

        for (var i = 0; i < copies.Length; i++)
            copies[i] ??= CachedRow.Never(keys[i]);
        return copies;
    }

    public static IReadOnlyList<string> ListKeys(SqliteConnection connection, string after, int limit)
    {
        using var command = connection.Command(
            "SELECT key FROM books WHERE key > $after AND payload IS NOT NULL ORDER BY key LIMIT $limit",
            ("$after", after),
            ("$limit", limit));
        using var rows = command.ExecuteReader();
        var keys = new List<string>();
        while (rows.Read())
            keys.Add(rows.GetString(0));
        return keys;
    }

    /// <summary>
    /// Forgets some of the edits that are older than a day: twice as many as were just remembered, so that the work of a write is
    /// bounded and a backlog still shrinks.
    /// </summary>
    public static void Forget(SqliteConnection connection, int remembered)
    {
        using var command = connection.Command(
            "DELETE FROM book_edits WHERE (id, key) IN (SELECT id, key FROM book_edits WHERE made < unixepoch() - $seconds ORDER BY made "
            + "LIMIT $limit)",
            ("$seconds", SecondsRemembered),
            ("$limit", 2L * remembered));
        command.ExecuteNonQuery();
    }

    /// <summary>The row that a command with the parameter $key returns, or null.</summary>
    public static CachedRow? RowOf(SqliteCommand command, string key)
    {
        command.Parameters.Clear();
        command.Parameters.AddWithValue("$key", key);
        using var row = command.ExecuteReader();
        return row.Read() ? RowOf(key, row) : null;
    }

    private static CachedRow RowOf(string key, SqliteDataReader row) =>
        new(key, new(row.GetInt64(0), new Guid(row.GetFieldValue<byte[]>(1), bigEndian: true)),
            row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2));
}
