using Npgsql;

namespace OrleansCache.Catalogs;

/// <summary>The settings of a cluster in a PostgreSQL database.</summary>
internal static class PostgresSettings
{
    public static async Task<IReadOnlyDictionary<string, string>> AgreeAsync(
        NpgsqlConnection connection, IReadOnlyDictionary<string, string> mine, CancellationToken cancellation)
    {
        // In the order of the names, so that silos that start at once wait for each other; the second statement sees what they stored.
        await using var batch = connection.Durably(
            PostgresCommands.LockOfCluster,
            """
            INSERT INTO cluster_settings (name, value) SELECT n.name, n.value FROM unnest($1, $2) AS n (name, value)
            ORDER BY n.name COLLATE "C" ON CONFLICT (name) DO NOTHING
            """,
            mine.Keys.ToArray(),
            mine.Values.ToArray());
        var stored = new NpgsqlBatchCommand("SELECT name, value FROM cluster_settings WHERE name = ANY ($1)");
        stored.Parameters.Add(new() { Value = mine.Keys.ToArray() });
        batch.BatchCommands.Add(stored);
        return await ReadAsync(batch, cancellation).ConfigureAwait(false);
    }

    public static async Task<IReadOnlyDictionary<string, string>> ForgetAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var batch = connection.Durably(
            PostgresCommands.LockOfCluster, "DELETE FROM cluster_settings RETURNING name, value");
        return await ReadAsync(batch, cancellation).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyDictionary<string, string>> ReadAsync(NpgsqlBatch batch, CancellationToken cancellation)
    {
        await using var rows = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        do
        {
            while (rows.FieldCount == 2 && await rows.ReadAsync(cancellation).ConfigureAwait(false))
                settings[rows.GetString(0)] = rows.GetString(1);
        }
        while (await rows.NextResultAsync(cancellation).ConfigureAwait(false));
        return settings;
    }
}
