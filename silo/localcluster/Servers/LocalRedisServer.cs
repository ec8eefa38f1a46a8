using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansCache.LocalClusters;

/// <summary>
/// A temporary <c>redis-server</c> on a loopback port, or on a host of a <see cref="DistantNetwork"/>. It ends with this process (see
/// <see cref="GuardedProcess"/>), and can be paused, killed and started again on its port. Its data is lost when it ends, unless it is
/// started to keep it until it is disposed of.
/// </summary>
public sealed class LocalRedisServer : IAsyncDisposable
{
    private const int LinesShown = 20;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly NetworkHost _host;
    private readonly string? _folder;
    private GuardedProcess _process;

    private LocalRedisServer(NetworkHost host, int port, string? folder, GuardedProcess process)
    {
        _host = host;
        Port = port;
        _folder = folder;
        _process = process;
    }

    /// <summary>The server's port.</summary>
    public int Port { get; }

    /// <summary>The process id of the <c>redis-server</c>.</summary>
    public int ProcessId => _process.ProcessId;

    /// <summary>The server's connection string for StackExchange.Redis.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"{_host.Address}:{Port}");

    /// <summary>The connection string for a silo, which should notice within a second that the server is unreachable.</summary>
    internal string NodeConnection => $"{ConnectionString},connectTimeout=1000,abortConnect=false";

    /// <summary>Completes when the server process has ended, for whatever reason.</summary>
    public Task Ended => _process.Ended;

    /// <summary>Whether <c>redis-server</c> is on the PATH.</summary>
    public static bool IsInstalled => Programs.IsOnThePath("redis-server");

    /// <summary>Starts a server on a free port and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">The server did not start; the message contains what it wrote.</exception>
    public static Task<LocalRedisServer> StartAsync(CancellationToken cancellation = default) => StartAsync(false, cancellation);

    /// <summary>Starts a server on a free port and waits until it answers.</summary>
    /// <param name="keepsData">Whether the server keeps its data when it is started again.</param>
    /// <param name="cancellation">Cancels the start.</param>
    /// <exception cref="InvalidOperationException">The server did not start; the message contains what it wrote.</exception>
    public static async Task<LocalRedisServer> StartAsync(bool keepsData, CancellationToken cancellation = default)
    {
        const int attempts = 5;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartAsync(NetworkHost.Loopback, FreePort.Find(), keepsData, cancellation).ConfigureAwait(false);
            }
            catch (InvalidOperationException) when (attempt < attempts)
            {
                // Another process may have taken the port since it was found free.
                continue;
            }
        }
    }

    /// <summary>Starts a server on a port and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">The server did not start; the message contains what it wrote.</exception>
    public static Task<LocalRedisServer> StartAsync(int port, CancellationToken cancellation = default) =>
        StartAsync(NetworkHost.Loopback, port, false, cancellation);

    /// <summary>Kills the server if it is running and starts it again on its port.</summary>
    /// <param name="empty">Whether to delete the data that it has kept.</param>
    /// <param name="cancellation">Cancels the start; the server is then not running.</param>
    /// <exception cref="InvalidOperationException">The server did not start; the message contains what it wrote.</exception>
    public async Task RestartAsync(bool empty = false, CancellationToken cancellation = default)
    {
        await KillAsync().ConfigureAwait(false);
        await _process.DisposeAsync().ConfigureAwait(false);
        if (_folder is not null && empty)
        {
            Directory.Delete(_folder, recursive: true);
            Directory.CreateDirectory(_folder);
        }

        _process = await LaunchAsync(_host, Port, _folder, cancellation).ConfigureAwait(false);
    }

    /// <summary>Pauses the server (SIGSTOP): connections stay open and nothing is answered.</summary>
    public Task PauseAsync() => _process.PauseAsync();

    /// <summary>Resumes the server (SIGCONT).</summary>
    public Task ResumeAsync() => _process.ResumeAsync();

    /// <summary>Kills the server (SIGKILL) and waits until it has ended; its port is then free.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Kills the server, waits until it has ended, and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync().ConfigureAwait(false);
        if (_folder is not null && Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Starts a server on a host's port and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">The server did not start; the message contains what it wrote.</exception>
    internal static async Task<LocalRedisServer> StartAsync(
        NetworkHost host, int port, bool keepsData, CancellationToken cancellation)
    {
        var folder = keepsData ? Directory.CreateTempSubdirectory("orleanscache-redis-").FullName : null;
        try
        {
            return new(host, port, folder, await LaunchAsync(host, port, folder, cancellation).ConfigureAwait(false));
        }
        catch
        {
            if (folder is not null)
                Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static async Task<GuardedProcess> LaunchAsync(
        NetworkHost host, int port, string? folder, CancellationToken cancellation)
    {
        string[] command =
        [
            "redis-server", "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", host.Address.ToString(), "--save", "",
            // A network with distance has no strangers, and the server would refuse addresses other than the loopback one.
            .. host.IsDistant ? (string[])["--protected-mode", "no"] : [],
            .. folder is null ? (string[])["--appendonly", "no"] : ["--appendonly", "yes", "--dir", folder],
        ];
        var process = await GuardedProcess.StartAsync(new() { Command = command, Host = host }, cancellation).ConfigureAwait(false);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(StartLimit);
            await WaitUntilReadyAsync(process, host, port, limit.Token).ConfigureAwait(false);
            return process;
        }
        catch (Exception error)
        {
            await process.DisposeAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (error is OperationCanceledException)
                throw new InvalidOperationException(Describe(process, port, $"did not answer within {StartLimit.TotalSeconds:0} s"));
            throw;
        }
    }

    private static async Task WaitUntilReadyAsync(
        GuardedProcess process, NetworkHost host, int port, CancellationToken cancellation)
    {
        while (!await AnswersAsync(process.ProcessId, host, port, cancellation).ConfigureAwait(false))
        {
            if (process.Ended.IsCompleted)
                throw new InvalidOperationException(Describe(process, port, "ended at once"));
            await Task.Delay(20, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Whether this server answers, rather than another one that has taken the port.</summary>
    private static async Task<bool> AnswersAsync(int id, NetworkHost host, int port, CancellationToken cancellation)
    {
        try
        {
            var socket = await host.OpenSocketAsync().ConfigureAwait(false);
            await using var stream = await ConnectAsync(socket, host.Address, port, cancellation).ConfigureAwait(false);
            await stream.WriteAsync("INFO server\r\nQUIT\r\n"u8.ToArray(), cancellation).ConfigureAwait(false);
            using var reader = new StreamReader(stream);
            var answer = await reader.ReadToEndAsync(cancellation).ConfigureAwait(false);
            return answer.Contains(string.Create(CultureInfo.InvariantCulture, $"process_id:{id}\r\n"), StringComparison.Ordinal);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }

    private static async Task<NetworkStream> ConnectAsync(Socket socket, IPAddress address, int port, CancellationToken cancellation)
    {
        try
        {
            await socket.ConnectAsync(address, port, cancellation).ConfigureAwait(false);
            return new(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Describe(GuardedProcess process, int port, string what) =>
        $"redis-server on port {port} {what}; check that it is installed and the port is free. It wrote: "
        + string.Join(Environment.NewLine, process.Lines.TakeLast(LinesShown));
}
