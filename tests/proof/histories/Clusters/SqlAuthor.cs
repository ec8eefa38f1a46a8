using System.Text;
using Microsoft.Data.Sqlite;
using OrleansCache.Proof.Histories;

namespace OrleansCache.Proof.Clusters;

/// <summary>Edits books directly in the database, without the cache.</summary>
internal sealed class SqlAuthor(string file, History history)
{
    public async Task EditAsync(string book)
    {
        var id = Guid.NewGuid().ToString();
        await using var connection = new SqliteConnection($"Data Source={file};Default Timeout=10;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE books SET payload = CAST($payload AS TEXT) WHERE key = $key AND payload IS NOT NULL";
        command.Parameters.AddWithValue("$key", book);
        command.Parameters.AddWithValue("$payload", Encoding.UTF8.GetString(BookPayload.Encode(new Book(id))));
        var call = history.Begin("sql", book, CallKind.SqlPut, id);
        var changed = await command.ExecuteNonQueryAsync();
        call.End(changed > 0 ? new Outcome.Acked(null) : new Outcome.Unchanged(null));
    }
}
