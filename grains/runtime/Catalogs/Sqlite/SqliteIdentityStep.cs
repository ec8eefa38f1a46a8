namespace OrleansCache.Catalogs;

/// <summary>
/// The second step of a SQLite catalog: removed books keep their row, edits are remembered by their ids, and triggers give the rows that
/// plain SQL writes an identity of their own. Our own statements set a tag themselves; a change that leaves the tag as it was is plain SQL.
/// </summary>
internal static class SqliteIdentityStep
{
    // A trigger cannot tell INSERT OR REPLACE, which deletes without asking the DELETE trigger, from an insertion that is going to fail or
    // to become an update. So it notes the version of the row that may be about to be replaced, and if a row is inserted, its version
    // follows that one. RAISE(IGNORE) goes on with the statement's next row; the row at hand does not count among the changed ones.
    public const string Sql =
        """
        CREATE TABLE books_with_removals (
            key     TEXT    NOT NULL PRIMARY KEY,
            version INTEGER NOT NULL DEFAULT 1,
            tag     BLOB    NOT NULL DEFAULT (randomblob(16)) CHECK (length(tag) = 16),
            payload TEXT    -- null: the book was removed; the row stays, so that its versions go on
        ) STRICT;
        INSERT INTO books_with_removals SELECT key, version, tag, payload FROM books ORDER BY rowid;
        DROP TABLE books;
        ALTER TABLE books_with_removals RENAME TO books;
        CREATE VIEW existing_books AS SELECT key, version, payload FROM books WHERE payload IS NOT NULL;

        CREATE TABLE book_edits (
            id      BLOB    NOT NULL CHECK (length(id) = 16),
            key     TEXT    NOT NULL,
            version INTEGER NOT NULL,
            made    INTEGER NOT NULL DEFAULT (unixepoch()),
            PRIMARY KEY (id, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX book_edits_made ON book_edits (made);
        CREATE TABLE books_to_replace (
            key     TEXT    NOT NULL PRIMARY KEY,
            version INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER books_keep_their_key BEFORE UPDATE OF key ON books WHEN NEW.key IS NOT OLD.key BEGIN
            SELECT RAISE(ABORT, 'the key of a book cannot be changed; delete the book and insert it under its new key');
        END;
        CREATE TRIGGER books_changed AFTER UPDATE ON books WHEN NEW.tag IS OLD.tag BEGIN
            UPDATE books SET version = OLD.version + 1, tag = randomblob(16) WHERE key = NEW.key;
        END;
        CREATE TRIGGER books_removed BEFORE DELETE ON books BEGIN
            UPDATE books SET version = version + 1, tag = randomblob(16), payload = NULL WHERE key = OLD.key AND payload IS NOT NULL;
            SELECT RAISE(IGNORE);
        END;
        CREATE TRIGGER books_revived BEFORE INSERT ON books WHEN EXISTS (SELECT 1 FROM books WHERE key = NEW.key AND payload IS NULL) BEGIN
            UPDATE books SET version = version + 1, tag = randomblob(16), payload = NEW.payload WHERE key = NEW.key;
            SELECT RAISE(IGNORE);
        END;
        CREATE TRIGGER books_may_be_replaced BEFORE INSERT ON books
        WHEN EXISTS (SELECT 1 FROM books WHERE key = NEW.key AND payload IS NOT NULL) BEGIN
            DELETE FROM books_to_replace WHERE key = NEW.key;
            INSERT INTO books_to_replace SELECT key, version FROM books WHERE key = NEW.key;
        END;
        CREATE TRIGGER books_replaced AFTER INSERT ON books WHEN EXISTS (SELECT 1 FROM books_to_replace WHERE key = NEW.key) BEGIN
            UPDATE books SET version = 1 + (SELECT version FROM books_to_replace WHERE key = NEW.key), tag = randomblob(16)
                WHERE key = NEW.key;
            DELETE FROM books_to_replace WHERE key = NEW.key;
        END;
        """;
}
