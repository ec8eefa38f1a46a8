using Npgsql;

namespace OrleansCache.Catalogs;

/// <summary>
/// The connections of a silo to its PostgreSQL server, in lanes of their own: what hangs or queues in one lane keeps nothing waiting in
/// another. The name of a lane is in pg_stat_activity.
/// </summary>
internal sealed class PostgresLanes : IAsyncDisposable
{
    private const int UsualConnections = 16;
    private const int FewestConnections = 8;

    // Of the feed and the cluster each; of the reads. The latter leave some to queries that were given up and are being ended.
    private const int MostOfFeed = 2;
    private const int MostOfReads = 6;

    /// <summary>Creates the lanes, which connect on first use.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be used.</exception>
    public PostgresLanes(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (string.IsNullOrWhiteSpace(settings.Host))
            throw new ArgumentException("it names no Host");
        if (settings.Host.Contains(','))
            settings.TargetSessionAttributes ??= "primary";
        var total = settings.ShouldSerialize("Maximum Pool Size") ? settings.MaxPoolSize : Math.Max(UsualConnections, settings.MinPoolSize);
        if (total < FewestConnections)
            throw new ArgumentException($"Maximum Pool Size is {total}, and a silo needs at least {FewestConnections} connections");
        Place = $"{settings.Database ?? settings.Username} on {settings.Host}:{settings.Port}";

        var feed = Math.Min(MostOfFeed, total / FewestConnections);
        var reads = Math.Min(MostOfReads, (total - (2 * feed)) / 2);
        Reads = Build(settings, "reads", reads, wait: 3, endsAtOnce: true);
        Feed = Build(settings, "feed", feed, wait: 3, endsAtOnce: true);
        Cluster = Build(settings, "cluster", feed, wait: 3, endsAtOnce: false);
        Writes = Build(settings, "writes", total - reads - (2 * feed), wait: 10, endsAtOnce: false);
    }

    /// <summary>The database, for messages.</summary>
    public string Place { get; }

    /// <summary>Reads of rows.</summary>
    public NpgsqlDataSource Reads { get; }

    /// <summary>Writes of rows. The driver lets further ones wait.</summary>
    public NpgsqlDataSource Writes { get; }

    /// <summary>The change feed, on which all leases rest.</summary>
    public NpgsqlDataSource Feed { get; }

    /// <summary>What the cluster agrees on: epochs, settings and the topology.</summary>
    public NpgsqlDataSource Cluster { get; }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in (NpgsqlDataSource[])[Reads, Writes, Feed, Cluster])
            await lane.DisposeAsync().ConfigureAwait(false);
    }

    // Sockets of the machine have no such option.
    private static bool IsSocket(string hosts) => hosts.Split(',').Any(host => host.Trim() is ['/' or '@', ..]);

    /// <param name="settings">What the user has set goes before everything else.</param>
    /// <param name="name">The lane's name.</param>
    /// <param name="size">The most connections.</param>
    /// <param name="wait">How long a connection is waited for, in seconds.</param>
    /// <param name="endsAtOnce">
    /// Whether the connection of a cancelled statement is given up at once: a server that hangs would never confirm the cancellation. A
    /// write waits for that a little, since then it is known that nothing was written.
    /// </param>
    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings, string name, int size, int wait, bool endsAtOnce)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        var lane = builder.ConnectionStringBuilder;
        lane.ApplicationName = $"{settings.ApplicationName ?? "OrleansCache"} {name}";
        lane.MaxPoolSize = size;
        lane.MinPoolSize = Math.Min(size, settings.MinPoolSize);
        if (!settings.ShouldSerialize("Timeout"))
            lane.Timeout = wait;
        // Far below the time after which an author gives up, so that he learns what became of his edit.
        if (!settings.ShouldSerialize("Command Timeout"))
            lane.CommandTimeout = 10;
        if (endsAtOnce && !settings.ShouldSerialize("Cancellation Timeout"))
            lane.CancellationTimeout = -1;
        // An idle connection that a router has forgotten, or whose server is gone, is noticed before it is needed.
        if (!settings.ShouldSerialize("TCP Keepalive Time") && !IsSocket(settings.Host!))
            (lane.TcpKeepAlive, lane.TcpKeepAliveTime, lane.TcpKeepAliveInterval) = (true, 10, 2);
        return builder.Build();
    }
}
