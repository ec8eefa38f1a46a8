using System.Diagnostics;
using Npgsql;


namespace OrleansCache.Tests.Catalogs;

/// <summary>
/// The tests' PostgreSQL server: the one that the environment variable names, or a temporary one of the installed postgresql package. The
/// latter listens on a socket in its own folder, so no port can be taken by another process.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    public const string Collection = "PostgreSQL";
    public const string Variable = "ORLEANSCACHE_TEST_POSTGRES";

    // The shell stops the server and removes its folder when its input ends, which also happens if the test process is killed.
    private const string Script =
        """
        initdb -D "$1/data" -U postgres -A trust -E UTF8 --locale=C -N >"$1/log" 2>&1 &&
        pg_ctl -D "$1/data" -l "$1/log" -w -o "-c listen_addresses='' -k '$1'" start >>"$1/log" 2>&1 &&
        echo ready && cat >/dev/null || cat "$1/log"
        pg_ctl -D "$1/data" -m immediate stop >/dev/null 2>&1
        rm -rf "$1"
        """;

    private const string Installed = "/usr/lib/postgresql";

    private string connection = "";
    private Process? shell;

    /// <summary>Why no server is available; null if one is.</summary>
    public static string? WhyMissing() =>
        Given() is null && Programs() is null ? $"needs PostgreSQL: install the package postgresql, or name a server in {Variable}" : null;

    /// <summary>A connection string for a schema.</summary>
    public string For(string schema) => new NpgsqlConnectionStringBuilder(connection) { SearchPath = schema }.ConnectionString;

    public async Task RunAsync(string sql)
    {
        await using var opened = new NpgsqlConnection(connection);
        await opened.OpenAsync();
        await using var command = new NpgsqlCommand(sql, opened);
        await command.ExecuteNonQueryAsync();
    }

    public async Task InitializeAsync()
    {
        if (Given() is { } given)
            connection = given;
        else if (Programs() is { } programs)
            await StartAsync(programs);
    }

    public async Task DisposeAsync()
    {
        if (shell is null)
            return;
        shell.StandardInput.Close();
        await shell.WaitForExitAsync();
        shell.Dispose();
    }

    private static string? Given() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : null;

    /// <summary>The folder of the installed programs; null when there is none.</summary>
    internal static string? Programs() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(Directory.Exists(Installed)
                ? Directory.GetDirectories(Installed).Order().Reverse().Select(version => $"{version}/bin")
                : [])
            .FirstOrDefault(folder => File.Exists($"{folder}/initdb") && File.Exists($"{folder}/pg_ctl"));

    private async Task StartAsync(string programs)
    {
        (shell, var folder) = await StartAsync(programs, Script);
        connection = new NpgsqlConnectionStringBuilder { Host = folder, Username = "postgres", Database = "postgres" }.ConnectionString;
    }

    /// <summary>Runs a shell script that starts servers in a new folder, its first argument, and then says "ready".</summary>
    internal static async Task<(Process Shell, string Folder)> StartAsync(string programs, string script)
    {
        // PostgreSQL refuses to run as root; its package has created a user for it.
        var root = Environment.UserName == "root";
        string[] command = root ? ["runuser", "-u", "postgres", "--", "sh"] : ["sh"];
        using var made = Run(root ? ["runuser", "-u", "postgres", "--", "mktemp", "-d"] : ["mktemp", "-d"]);
        var folder = (await made.StandardOutput.ReadToEndAsync()).Trim();
        var started = Run([.. command, "-c", $"PATH=\"{programs}:$PATH\"; cd \"$1\"\n{script}", "sh", folder]);
        if (await started.StandardOutput.ReadLineAsync() is "ready")
            return (started, folder);
        var problem = await started.StandardOutput.ReadToEndAsync();
        started.Dispose();
        throw new InvalidOperationException($"PostgreSQL did not start: {problem}");
    }

    private static Process Run(string[] line) =>
        Process.Start(new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        })!;
}
