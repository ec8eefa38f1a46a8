using Npgsql;

namespace OrleansCache.Catalogs;

/// <summary>Commands on a connection.</summary>
internal static class PostgresCommands
{
    /// <summary>How long a write of books waits for each lock; shorter than readers of the books wait for the write.</summary>
    public const string LockOfBooks = "500ms";

    /// <summary>How long epochs and settings wait for each lock: for writes under the former epoch, which may take long.</summary>
    public const string LockOfCluster = "2s";

    /// <summary>
    /// A statement that is committed durably, and that a lock which somebody else holds lets fail soon. It is sent together with the
    /// settings for that, in one transaction.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="lockTimeout">The time limit for a lock, unless the user or the server sets another one.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="parameters">Its parameters.</param>
    public static NpgsqlBatch Durably(
        this NpgsqlConnection connection, string lockTimeout, string sql, params ReadOnlySpan<object> parameters)
    {
        var batch = connection.CreateBatch();
        // A server may be configured to acknowledge commits before they are on its disk, or on that of a synchronous standby; this forbids
        // it. Others stay: those that are stricter, and remote_write, for which both servers must be lost at once. Warnings must arrive.
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            SELECT concat(
                CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')
                    THEN set_config('synchronous_commit', 'on', true) END,
                CASE current_setting('client_min_messages') WHEN 'error' THEN set_config('client_min_messages', 'warning', true) END,
                CASE current_setting('lock_timeout') WHEN '0' THEN set_config('lock_timeout', '{lockTimeout}', true) END)
            """));
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        batch.BatchCommands.Add(command);
        return batch;
    }

    /// <summary>
    /// Whether a notice says that a commit is on the primary's disk only. When a statement that waits for a synchronous standby is
    /// cancelled, as by the driver after its time limit, the server ends the wait and reports a success; only this notice, which is known
    /// by where it comes from, tells the difference.
    /// </summary>
    public static bool IsUnconfirmedCommit(PostgresNotice notice) => notice.File is "syncrep.c";
}
