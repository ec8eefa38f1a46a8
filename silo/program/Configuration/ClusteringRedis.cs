using OrleansCache.Redis;

namespace OrleansCache.Silo.Configuration;

/// <summary>How silos connect to the Redis of the membership table.</summary>
internal static class ClusteringRedis
{
    // A server that does not answer by then is as good as gone; the table is read again soon.
    private const int PatienceMilliseconds = 2_000;

    /// <exception cref="InvalidTopologyException">The connection string cannot be used.</exception>
    public static RedisConnection Parse(string connection)
    {
        var parsed = RedisConnection.Parse(connection);
        if (!Says("connectTimeout"))
            parsed.Options.ConnectTimeout = PatienceMilliseconds;
        if (!Says("syncTimeout"))
            parsed.Options.SyncTimeout = PatienceMilliseconds;
        return parsed;

        bool Says(string name) => connection.Contains($"{name}=", StringComparison.OrdinalIgnoreCase);
    }
}
