using System.Globalization;
using Microsoft.Data.Sqlite;

namespace OrleansCache.Catalogs;

/// <summary>
/// Reads what was written since a position in a SQLite file. Writers follow one another, so the number of the last change says what a
/// reader has seen. A position is the file's id and that number.
/// </summary>
internal static class SqliteFeed
{
    public static CatalogChanges Read(SqliteConnection connection, FeedPosition? since, IReadOnlyList<int> slots, int limit)
    {
        connection.Run("BEGIN");
        var (file, last) = Here(connection);
        var known = since is null ? null : Number(since, file);
        var continues = known <= last;
        var rows = continues ? Rows(connection, known!.Value, limit + 1L) : [];
        var epochs = SqliteSlots.Read(connection, slots);
        connection.Run("COMMIT");
        return CatalogChanges.Of(rows, limit, continues, new($"{file} {last.ToString(CultureInfo.InvariantCulture)}"), epochs);
    }

    private static (string File, long Last) Here(SqliteConnection connection)
    {
        using var command = connection.Command("SELECT id, (SELECT seq FROM sqlite_sequence WHERE name = 'book_changes') FROM feed");
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetString(0), row.GetInt64(1));
    }

    /// <summary>The number of a position in this file; null for a position of another one.</summary>
    private static long? Number(FeedPosition position, string file) =>
        position.Text.Split(' ') is [var id, var text] && id == file
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static List<ChangedRow> Rows(SqliteConnection connection, long since, long limit)
    {
        using var command = connection.Command(
            "SELECT c.key, b.version, b.tag FROM book_changes AS c CROSS JOIN books AS b ON b.key = c.key WHERE c.number > $since "
            + "ORDER BY c.number LIMIT $limit",
            ("$since", since),
            ("$limit", limit));
        using var found = command.ExecuteReader();
        var rows = new List<ChangedRow>();
        while (found.Read())
            rows.Add(new(found.GetString(0), new(found.GetInt64(1), new Guid(found.GetFieldValue<byte[]>(2), bigEndian: true))));
        return rows;
    }
}
