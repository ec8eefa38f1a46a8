using System.Diagnostics;
using Npgsql;
using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>A primary server and a standby that replicates it, each with a socket in a folder of its own.</summary>
internal sealed class PostgresPair : IAsyncDisposable
{
    // As PostgresServer's, but each line of the input is a command, whose end is told.
    private const string Script =
        """
        start() {
            pg_ctl -D "$1/data$2" -l "$1/log$2" -w -o "-c listen_addresses='' -c fsync=off -k '$1/$2' $3" start
        }
        { initdb -D "$1/data1" -U postgres -A trust -E UTF8 --locale=C -N && mkdir "$1/1" "$1/2" && start "$1" 1 "SETTINGS" &&
            pg_basebackup -h "$1/1" -U postgres -D "$1/data2" -R -c fast && start "$1" 2; } >"$1/log" 2>&1 &&
        echo ready || cat "$1/log"
        while read -r line; do
            eval "$line" >>"$1/log" 2>&1
            echo "ended with $?"
        done
        pg_ctl -D "$1/data1" -m immediate stop >/dev/null 2>&1
        pg_ctl -D "$1/data2" -m immediate stop >/dev/null 2>&1
        rm -rf "$1"
        """;

    private readonly Process _shell;
    private readonly string _folder;

    private PostgresPair(Process shell, string folder) => (_shell, _folder) = (shell, folder);

    /// <summary>The connection string of both, for a user who does not know which is the primary.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = $"{_folder}/1,{_folder}/2", Username = "postgres", Database = "postgres",
    }.ConnectionString;

    /// <summary>Starts both.</summary>
    /// <param name="isSynchronous">Whether the primary waits for the standby before it acknowledges a commit.</param>
    public static async Task<PostgresPair> StartAsync(bool isSynchronous)
    {
        var settings = isSynchronous ? "-c synchronous_standby_names='*'" : "";
        var (shell, folder) = await PostgresServer.StartAsync(PostgresServer.Programs()!, Script.Replace("SETTINGS", settings));
        return new(shell, folder);
    }

    /// <param name="options">What is added to the connection string.</param>
    public ICatalogStore Open(string options = "") => new PostgresCatalog($"{ConnectionString};{options}");

    public Task StopStandbyAsync() => RunAsync("pg_ctl -D $1/data2 -m immediate stop");

    public Task StartStandbyAsync() => RunAsync("start $1 2");

    public Task KillPrimaryAsync() => RunAsync("pg_ctl -D $1/data1 -m immediate stop");

    /// <summary>Makes the standby the primary.</summary>
    public Task PromoteAsync() => RunAsync("pg_ctl -D $1/data2 -w promote");

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private async Task RunAsync(string command)
    {
        await _shell.StandardInput.WriteLineAsync(command);
        await _shell.StandardInput.FlushAsync();
        Assert.Equal((command, "ended with 0"), (command, await _shell.StandardOutput.ReadLineAsync()));
    }
}
