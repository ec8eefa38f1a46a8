using System.Diagnostics;
using System.Globalization;
using OrleansCache.LocalClusters;

namespace OrleansCache.TestSupport;

/// <summary>A real <c>redis-server</c> that a test can stop, restart on the same port, and make hang.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private LocalRedisServer _server;

    private RedisServer(LocalRedisServer server) => _server = server;

    public int Port => _server.Port;

    public int ProcessId => _server.ProcessId;

    public string ConnectionString => _server.ConnectionString;

    public static async Task<RedisServer> StartAsync() => new(await LocalRedisServer.StartAsync());

    /// <summary>Kills the server; its data is lost.</summary>
    public ValueTask KillAsync() => _server.DisposeAsync();

    /// <summary>Starts an empty server on the same port. Kills the server first if it runs.</summary>
    public async Task RestartAsync()
    {
        var port = Port;
        await _server.DisposeAsync();
        _server = await LocalRedisServer.StartAsync(port);
    }

    /// <summary>Makes the server hang (SIGSTOP): its connections stay open, and it answers nothing.</summary>
    public Task PauseAsync() => SignalAsync("-STOP");

    /// <summary>Ends the hang (SIGCONT); the server answers the commands that have arrived meanwhile.</summary>
    public Task ResumeAsync() => SignalAsync("-CONT");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0)
            throw new InvalidOperationException($"kill {signal} {ProcessId} exited with code {kill.ExitCode}.");
    }
}
