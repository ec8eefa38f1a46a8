using Npgsql;

namespace OrleansCache.Catalogs;

/// <summary>Commands on a connection.</summary>
internal static class PostgresCommands
{
    // A server may be configured to acknowledge commits before they are on its disk; this forbids it. Stricter settings stay.
    private const string CommitDurably =
        "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'";

    /// <summary>A statement that is committed durably: it is sent together with the setting, in one transaction.</summary>
    public static NpgsqlBatch Durably(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> parameters)
    {
        var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(CommitDurably));
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        batch.BatchCommands.Add(command);
        return batch;
    }
}
