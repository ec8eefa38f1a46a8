using Microsoft.Data.Sqlite;

namespace OrleansCache.Catalogs;

/// <summary>
/// Makes edits on a connection that holds the file's write lock, so that nobody else writes between the statements of an edit.
/// </summary>
internal sealed class SqliteEdits : IDisposable
{
    private readonly SqliteCommand _remember;
    private readonly SqliteCommand _create;
    private readonly SqliteCommand _change;
    private readonly SqliteCommand _forget;
    private readonly SqliteCommand _made;
    private readonly SqliteCommand _read;

    public SqliteEdits(SqliteConnection connection)
    {
        _remember = Prepare(
            "INSERT INTO book_edits (id, key, version) VALUES ($id, $key, $version) ON CONFLICT DO NOTHING", "$id", "$key", "$version");

        // ON CONFLICT would be too late here: a plain insertion over a removed book restores it, and the trigger that does so runs first.
        // The casts store the bytes of the payload as text without a conversion to a string.
        _create = Prepare(
            """
            INSERT INTO books (key, version, tag, payload)
            SELECT $key, 1, $id, CAST($payload AS TEXT) WHERE NOT EXISTS (SELECT 1 FROM books WHERE key = $key)
            """,
            "$key", "$id", "$payload");
        _change = Prepare(
            "UPDATE books SET version = version + 1, tag = $id, payload = CAST($payload AS TEXT) WHERE key = $key AND version = $version "
            + "AND tag = $tag",
            "$key", "$id", "$payload", "$version", "$tag");
        _forget = Prepare("DELETE FROM book_edits WHERE id = $id AND key = $key", "$id", "$key");
        _made = Prepare("SELECT version FROM book_edits WHERE id = $id AND key = $key", "$id", "$key");
        _read = Prepare("SELECT version, tag, payload FROM books WHERE key = $key");

        SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var parameter in parameters)
                command.Parameters.Add(new() { ParameterName = parameter });
            return command;
        }
    }

    public CatalogWriteResult Make(CatalogWrite write)
    {
        var id = Bytes(write.Id);
        if (Run(_remember, id, write.Key, write.Expected.Version + 1) == 0)
            return CatalogWriteResult.MadeBefore(write, Version(id, write.Key), Row(write.Key));
        if (Change(write, id) > 0)
            return CatalogWriteResult.Written(write);

        Run(_forget, id, write.Key);
        var row = Row(write.Key);
        // An edit that is no longer remembered may have written the current row.
        return row.Identity.Tag == write.Id
            ? CatalogWriteResult.MadeBefore(write, row.Identity.Version, row)
            : CatalogWriteResult.Mismatch(row);
    }

    public void Dispose()
    {
        foreach (var command in (SqliteCommand[])[_remember, _create, _change, _forget, _made, _read])
            command.Dispose();
    }

    private static byte[] Bytes(Guid id) => id.ToByteArray(bigEndian: true);

    private static int Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command.ExecuteNonQuery();
    }

    private int Change(CatalogWrite write, byte[] id)
    {
        var payload = write.Payload ?? (object)DBNull.Value;
        if (write.Expected == RowVersion.None)
            return Run(_create, write.Key, id, payload);
        return write.Expected.Tag == write.Id ? 0 : Run(_change, write.Key, id, payload, write.Expected.Version, Bytes(write.Expected.Tag));
    }

    private long Version(byte[] id, string key)
    {
        (_made.Parameters[0].Value, _made.Parameters[1].Value) = (id, key);
        return (long)_made.ExecuteScalar()!;
    }

    private CachedRow Row(string key) => SqliteBooks.RowOf(_read, key) ?? CachedRow.Never(key);
}
