namespace OrleansCache.Catalogs;

/// <summary>
/// The second step of a PostgreSQL catalog: removed books keep their row, edits are remembered by their ids, and triggers give the rows
/// that plain SQL writes an identity of their own. Our own statements set a tag themselves, also when they insert; plain SQL leaves the tag
/// as it was, or away.
/// </summary>
internal static class PostgresIdentityStep
{
    // The triggers name the table through TG_TABLE_SCHEMA: whoever writes plain SQL may have another search path.
    // A write locks a book's row before it looks into book_edits, and the rows in the order of their keys, so writers wait for each
    // other and never lock each other out. A row that is not there yet is locked by inserting it; rows never go away.
    public const string Sql =
        """
        ALTER TABLE books ALTER COLUMN payload DROP NOT NULL;
        COMMENT ON TABLE books IS
            'One row for each key ever written. Plain INSERT (key, payload), UPDATE and DELETE are safe: '
            'triggers keep version and tag. See existing_books.';
        COMMENT ON COLUMN books.payload IS 'Null when the book was removed; the row stays, so that its versions go on.';
        CREATE VIEW existing_books AS SELECT key, version, payload FROM books WHERE payload IS NOT NULL;

        CREATE TABLE book_edits (
            id      uuid   NOT NULL,
            key     text   COLLATE "C" NOT NULL,
            version bigint NOT NULL,
            made    timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (id, key)
        );
        CREATE INDEX book_edits_made ON book_edits (made);
        COMMENT ON TABLE book_edits IS 'The edits of the last day by their ids, so that repeating one is safe.';

        CREATE FUNCTION books_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            revived bigint;
        BEGIN
            EXECUTE format('UPDATE %I.%I SET payload = $1 WHERE key = $2 AND payload IS NULL', TG_TABLE_SCHEMA, TG_TABLE_NAME)
                USING NEW.payload, NEW.key;
            GET DIAGNOSTICS revived = ROW_COUNT;
            IF revived > 0 THEN
                RETURN NULL;
            END IF;
            NEW.version := coalesce(NEW.version, 1);
            NEW.tag := gen_random_uuid();
            RETURN NEW;
        END $$;
        CREATE TRIGGER books_inserted BEFORE INSERT ON books FOR EACH ROW WHEN (NEW.tag IS NULL) EXECUTE FUNCTION books_inserted();

        CREATE FUNCTION books_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.key <> OLD.key THEN
                RAISE EXCEPTION 'the key of the book "%" cannot be changed', OLD.key
                    USING HINT = 'Delete the book and insert it under its new key.';
            END IF;
            NEW.version := OLD.version + 1;
            NEW.tag := CASE WHEN NEW.tag = OLD.tag THEN gen_random_uuid() ELSE NEW.tag END;
            RETURN NEW;
        END $$;
        CREATE TRIGGER books_changed BEFORE UPDATE ON books FOR EACH ROW
            WHEN (NEW.tag = OLD.tag OR NEW.version <> OLD.version + 1 OR NEW.key <> OLD.key) EXECUTE FUNCTION books_changed();

        CREATE FUNCTION books_removed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            EXECUTE format('UPDATE %I.%I SET payload = NULL WHERE key = $1 AND payload IS NOT NULL', TG_TABLE_SCHEMA, TG_TABLE_NAME)
                USING OLD.key;
            RETURN NULL;
        END $$;
        CREATE TRIGGER books_removed BEFORE DELETE ON books FOR EACH ROW EXECUTE FUNCTION books_removed();

        CREATE FUNCTION books_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the table of books cannot be truncated: copies of the books would not be known as old'
                USING HINT = 'Use DELETE, which leaves a row for each removed book.';
        END $$;
        CREATE TRIGGER books_truncated BEFORE TRUNCATE ON books FOR EACH STATEMENT EXECUTE FUNCTION books_truncated();

        CREATE FUNCTION write_books(ids uuid[], keys text[], payloads text[], versions bigint[], tags uuid[])
            RETURNS TABLE (o_place bigint, o_made bigint, o_written boolean, o_version bigint, o_tag uuid, o_payload text)
            LANGUAGE plpgsql AS $$
        DECLARE
            never constant uuid := '00000000-0000-0000-0000-000000000000';
            w record;
        BEGIN
            FOR w IN
                SELECT * FROM unnest(ids, keys, payloads, versions, tags) WITH ORDINALITY AS n (id, key, payload, version, tag, place)
                ORDER BY n.key COLLATE "C", n.place
            LOOP
                o_place := w.place;
                LOOP
                    o_made := NULL;
                    o_written := false;
                    SELECT b.version, b.tag, b.payload INTO o_version, o_tag, o_payload FROM books AS b WHERE b.key = w.key FOR UPDATE;
                    IF FOUND THEN
                        SELECT e.version INTO o_made FROM book_edits AS e WHERE e.id = w.id AND e.key = w.key;
                        IF o_made IS NULL AND o_tag = w.id THEN
                            o_made := o_version;
                        END IF;
                        IF o_made IS NULL AND o_version = w.version AND o_tag = w.tag THEN
                            UPDATE books AS b SET version = w.version + 1, tag = w.id, payload = w.payload WHERE b.key = w.key;
                            o_written := true;
                        END IF;
                    ELSIF w.version = 0 AND w.tag = never THEN
                        INSERT INTO books (key, version, tag, payload) VALUES (w.key, 1, w.id, w.payload) ON CONFLICT DO NOTHING;
                        -- Somebody has inserted it in between: what it is now counts.
                        CONTINUE WHEN NOT FOUND;
                        o_written := true;
                    ELSE
                        o_version := 0;
                        o_tag := never;
                    END IF;
                    EXIT;
                END LOOP;
                IF o_written THEN
                    INSERT INTO book_edits (id, key, version) VALUES (w.id, w.key, w.version + 1)
                        ON CONFLICT ON CONSTRAINT book_edits_pkey DO UPDATE SET version = excluded.version, made = excluded.made;
                    o_payload := NULL;
                END IF;
                RETURN NEXT;
            END LOOP;
            -- Twice as many as were remembered now, so that a write's work is bounded and a backlog shrinks all the same.
            DELETE FROM book_edits AS e WHERE (e.id, e.key) IN (
                SELECT o.id, o.key FROM book_edits AS o WHERE o.made < now() - interval '1 day'
                ORDER BY o.made LIMIT 2 * cardinality(ids) FOR UPDATE SKIP LOCKED);
        END $$;
        """;
}
