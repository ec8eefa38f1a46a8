namespace OrleansCache.Catalogs;

/// <summary>
/// The third step of a PostgreSQL catalog: each row has the number of the transaction that wrote it, whoever did, for
/// <see cref="PostgresFeed"/>. Rows from before have the number 0.
/// </summary>
internal static class PostgresFeedStep
{
    // The trigger's name comes after those of the triggers that give rows their identity: triggers are called in the order of their names.
    public const string Sql =
        """
        ALTER TABLE books ADD COLUMN changed xid8 NOT NULL DEFAULT '0';
        COMMENT ON COLUMN books.changed IS 'The transaction that wrote the row last; a trigger sets it.';
        CREATE INDEX books_by_change ON books (changed);
        CREATE FUNCTION books_written() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.changed := pg_current_xact_id();
            RETURN NEW;
        END $$;
        CREATE TRIGGER books_written BEFORE INSERT OR UPDATE ON books FOR EACH ROW EXECUTE FUNCTION books_written();
        """;
}
