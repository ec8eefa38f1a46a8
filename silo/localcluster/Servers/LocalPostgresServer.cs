using Npgsql;

namespace OrleansCache.LocalClusters;

/// <summary>
/// A throw-away PostgreSQL server of the installed package, for a cluster that is tried out on one machine. It listens on a socket in
/// its own folder, so no port can be taken by somebody else, and goes with its parent, as its folder does.
/// </summary>
public sealed class LocalPostgresServer : IAsyncDisposable
{
    private const int LinesShown = 20;

    // PostgreSQL refuses to run as root; its package has made a user for it. What is thrown away needs no flushing to the disk.
    private const string Script =
        """
        serve='initdb -D "$0/data" -U postgres -A trust -E UTF8 --locale=C -N >"$0/log" 2>&1 || { cat "$0/log"; exit 1; }
        exec postgres -D "$0/data" -k "$0" -c listen_addresses= -c max_connections=300 -c fsync=off'
        cd "$0" || exit 1
        [ "$(id -u)" = 0 ] || exec /bin/sh -c "$serve" "$0"
        chown postgres "$0"
        exec setpriv --reuid postgres --regid postgres --init-groups --pdeathsig QUIT /bin/sh -c "$serve" "$0"
        """;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly GuardedProcess _process;

    private LocalPostgresServer(GuardedProcess process, string folder)
    {
        _process = process;
        ConnectionString = new NpgsqlConnectionStringBuilder { Host = folder, Username = "postgres", Database = "postgres" }.ConnectionString;
    }

    /// <summary>How Npgsql connects to it.</summary>
    public string ConnectionString { get; }

    /// <summary>Ends when the server has ended, for whatever reason.</summary>
    public Task Ended => _process.Ended;

    /// <summary>Whether PostgreSQL's programs are on this machine.</summary>
    public static bool IsInstalled => ProgramFolder() is not null;

    /// <summary>Starts a server and waits until it takes connections.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message says what it wrote.</exception>
    public static async Task<LocalPostgresServer> StartAsync(CancellationToken cancellation = default)
    {
        var programs = ProgramFolder() ?? throw new InvalidOperationException("There is no PostgreSQL on this machine; install it (apt-get install postgresql).");
        var folder = Directory.CreateTempSubdirectory("orleanscache-pg-").FullName;
        var process = await GuardedProcess.StartAsync(
            new()
            {
                Command = ["/bin/sh", "-c", Script, folder],
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
            return new(process, folder);
        }
        catch (Exception error)
        {
            await process.DisposeAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (error is not (InvalidOperationException or OperationCanceledException))
                throw;
            throw new InvalidOperationException($"PostgreSQL did not start. It wrote: {string.Join(Environment.NewLine, process.Lines.TakeLast(LinesShown))}", error);
        }
    }

    /// <summary>Ends the server at once and removes what it held.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string? ProgramFolder() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order().Reverse().Select(version => Path.Combine(version, "bin")) : [])
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
}
