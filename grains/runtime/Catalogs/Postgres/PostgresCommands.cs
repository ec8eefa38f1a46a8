using Npgsql;

namespace OrleansCache.Catalogs;

/// <summary>Short forms of what the catalog does with a connection.</summary>
internal static class PostgresCommands
{
    // A server may be set up to acknowledge commits before they are on its disk; ours never are. Stricter settings stay.
    private const string CommitDurably =
        "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'";

    /// <summary>A statement that is committed durably: it travels together with the setting, and both are one transaction.</summary>
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
