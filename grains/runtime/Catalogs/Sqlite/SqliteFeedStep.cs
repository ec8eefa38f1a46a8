namespace OrleansCache.Catalogs;

/// <summary>
/// The third step of a SQLite catalog: a numbered list of the keys that were written, each once, whoever wrote them, for
/// <see cref="SqliteFeed"/>. Rows from before are not in it.
/// </summary>
internal static class SqliteFeedStep
{
    // A list of its own, since a trigger of SQLite cannot set a column of the row that is being written: it would have to write the row,
    // with its payload, a second time. AUTOINCREMENT never gives a number twice. Each way to write a row ends in an insertion or in an
    // update that sets a new tag. A conflict clause (REPLACE) would not do in a trigger: that of the statement outside overrides it.
    public const string Sql =
        """
        CREATE TABLE book_changes (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            key    TEXT    NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE feed (
            id TEXT NOT NULL -- of this file, which tells it from another one in its place
        ) STRICT;
        INSERT INTO feed VALUES (lower(hex(randomblob(16))));
        INSERT INTO sqlite_sequence (name, seq) VALUES ('book_changes', 0);

        CREATE TRIGGER books_inserted AFTER INSERT ON books BEGIN
            DELETE FROM book_changes WHERE key = NEW.key;
            INSERT INTO book_changes (key) VALUES (NEW.key);
        END;
        CREATE TRIGGER books_written AFTER UPDATE ON books WHEN NEW.tag IS NOT OLD.tag BEGIN
            DELETE FROM book_changes WHERE key = NEW.key;
            INSERT INTO book_changes (key) VALUES (NEW.key);
        END;
        """;
}
