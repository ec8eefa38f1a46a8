using System.Diagnostics;
using System.Globalization;
using OrleansCache.LocalClusters;

namespace OrleansCache.TestSupport;

/// <summary>A <c>redis-server</c> with settings of a test, in a folder of its own, which survives its restarts.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly Func<RedisProcess, string[]> _command;
    private GuardedProcess? _process;

    private RedisProcess(int port, Func<RedisProcess, string[]> command)
    {
        (Port, _command) = (port, command);
        Folder = Directory.CreateTempSubdirectory("orleanscache-redis-").FullName;
    }

    public int Port { get; }

    /// <summary>Where it keeps its files.</summary>
    public string Folder { get; }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts a server on a free port and waits until it answers.</summary>
    public static Task<RedisProcess> StartAsync(params string[] settings) => StartAsync(FreePort.Find(), settings);

    /// <summary>Starts a server on a port and waits until it answers.</summary>
    public static Task<RedisProcess> StartAsync(int port, string[] settings) => StartAsync(
        port,
        server =>
        [
            "redis-server", "--bind", "127.0.0.1", "--dir", server.Folder, "--save", "", "--appendonly", "no",
            "--port", port.ToString(CultureInfo.InvariantCulture), .. settings,
        ]);

    /// <summary>Starts another program that answers as a Redis does.</summary>
    /// <param name="port">Its port.</param>
    /// <param name="command">The program and its arguments; asked before each start.</param>
    public static async Task<RedisProcess> StartAsync(int port, Func<RedisProcess, string[]> command)
    {
        var server = new RedisProcess(port, command);
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it after <see cref="KillAsync"/>; its entries are lost.</summary>
    public async Task StartAgainAsync()
    {
        var command = _command(this);
        _process = await GuardedProcess.StartAsync(new() { Command = command });
        await Eventually.IsTrueAsync(
            async () => _process.Ended.IsCompleted
                ? throw new InvalidOperationException($"{command[0]} ended: {string.Join('\n', _process.Lines.TakeLast(5))}")
                : await TryAskAsync("ping") is { } answer && (answer.Contains("PONG", StringComparison.Ordinal) || IsLocked(answer)),
            $"the {command[0]} at {Address} answers");
    }

    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Makes it hang (SIGSTOP).</summary>
    public Task PauseAsync() => _process!.PauseAsync();

    public Task ResumeAsync() => _process!.ResumeAsync();

    /// <summary>Sends a command and returns the answer.</summary>
    /// <exception cref="InvalidOperationException">The server does not answer, or answers with an error.</exception>
    public async Task<string> AskAsync(params string[] command)
    {
        var answer = await TryAskAsync(command);
        return answer is not null && !answer.StartsWith("ERR", StringComparison.Ordinal)
            ? answer.Trim()
            : throw new InvalidOperationException($"{Address}: {string.Join(' ', command)}: {answer}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Runs <c>redis-cli</c>.</summary>
    public static async Task<(int ExitCode, string Output)> RunCliAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("redis-cli", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    private static bool IsLocked(string answer) => answer.Contains("NOAUTH", StringComparison.Ordinal);

    private async Task<string?> TryAskAsync(params string[] command)
    {
        var (code, output) = await RunCliAsync(["-p", Port.ToString(CultureInfo.InvariantCulture), .. command]);
        return code == 0 ? output : null;
    }
}
