using Npgsql;

namespace OrleansCache.LocalClusters;

/// <summary>
/// A temporary PostgreSQL server of the installed package. It listens on a socket in a folder of its own, so that it needs no port, and on
/// a host of a <see cref="DistantNetwork"/> also at its address, so that distance counts. It ends with this process, which also removes the
/// folder (see <see cref="GuardedProcess"/>).
/// </summary>
public sealed class LocalPostgresServer : IAsyncDisposable
{
    private const int LinesShown = 20;

    // PostgreSQL refuses to run as root; its package has created a user for it. Data that is not kept needs no fsync.
    private const string Script =
        """
        serve='initdb -D "$0/data" -U postgres -A trust -E UTF8 --locale=C -N >"$0/log" 2>&1 || { cat "$0/log"; exit 1; }
        [ -z "$1" ] || echo "host all all all trust" >>"$0/data/pg_hba.conf"
        exec postgres -D "$0/data" -k "$0" -c listen_addresses="$1" -c max_connections=300 -c fsync=off'
        cd "$0" || exit 1
        [ "$(id -u)" = 0 ] || exec /bin/sh -c "$serve" "$0" "$1"
        chown postgres "$0"
        exec setpriv --reuid postgres --regid postgres --init-groups --pdeathsig QUIT /bin/sh -c "$serve" "$0" "$1"
        """;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly GuardedProcess _process;

    private LocalPostgresServer(GuardedProcess process, NetworkHost host, string folder)
    {
        _process = process;
        var connection = new NpgsqlConnectionStringBuilder { Host = folder, Username = "postgres", Database = "postgres" };
        ConnectionString = connection.ConnectionString;
        if (host.IsDistant)
            (connection.Host, connection.Port) = (host.Address.ToString(), NetworkPorts.Catalog);
        NetworkConnectionString = connection.ConnectionString;
    }

    /// <summary>The server's connection string for Npgsql.</summary>
    public string ConnectionString { get; }

    /// <summary>The one for programs on the hosts of its network; the same where it is on none.</summary>
    public string NetworkConnectionString { get; }

    /// <summary>Completes when the server has ended, for whatever reason.</summary>
    public Task Ended => _process.Ended;

    /// <summary>Whether PostgreSQL is installed.</summary>
    public static bool IsInstalled => ProgramFolder() is not null;

    /// <summary>Starts a server and waits until it accepts connections.</summary>
    /// <exception cref="InvalidOperationException">The server did not start; the message contains what it wrote.</exception>
    public static Task<LocalPostgresServer> StartAsync(CancellationToken cancellation = default) =>
        StartAsync(NetworkHost.Loopback, cancellation);

    /// <summary>Starts a server on a host and waits until it accepts connections.</summary>
    /// <exception cref="InvalidOperationException">The server did not start; the message contains what it wrote.</exception>
    internal static async Task<LocalPostgresServer> StartAsync(NetworkHost host, CancellationToken cancellation)
    {
        var programs = ProgramFolder()
            ?? throw new InvalidOperationException("PostgreSQL is not installed; install it (apt-get install postgresql).");
        var folder = Directory.CreateTempSubdirectory("orleanscache-pg-").FullName;
        var process = await GuardedProcess.StartAsync(
            new()
            {
                Command = ["/bin/sh", "-c", Script, folder, host.IsDistant ? host.Address.ToString() : ""],
                Host = host,
                Environment = new Dictionary<string, string> { ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}" },
                Folder = folder,
                LastSignal = "QUIT",
            },
            cancellation).ConfigureAwait(false);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(StartLimit);
            await process.WaitForLineAsync("ready to accept connections", limit.Token).ConfigureAwait(false);
            return new(process, host, folder);
        }
        catch (Exception error)
        {
            await process.DisposeAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (error is not (InvalidOperationException or OperationCanceledException))
                throw;
            var lines = string.Join(Environment.NewLine, process.Lines.TakeLast(LinesShown));
            throw new InvalidOperationException($"PostgreSQL did not start. It wrote: {lines}", error);
        }
    }

    /// <summary>Ends the server at once and removes its data.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string? ProgramFolder()
    {
        const string packages = "/usr/lib/postgresql";
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var versions = Directory.Exists(packages) ? Directory.GetDirectories(packages).Order().Reverse() : [];
        return path.Concat(versions.Select(version => Path.Combine(version, "bin")))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }
}
