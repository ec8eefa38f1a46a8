using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansCache.Silo.Local;

/// <summary>
/// A <c>redis-server</c> of this machine on a loopback port, without persistence, for a cluster that is tried out on one
/// machine. It does not outlive its parent, however that ends: a shell between the two holds the end of a pipe, and kills
/// the server when the pipe breaks.
/// </summary>
public sealed class LocalRedisServer : IAsyncDisposable
{
    private const int LinesKept = 20;

    private const string Watch =
        """
        "$0" "$@" </dev/null 2>&1 &
        echo $! >&2
        exec >/dev/null 2>&1
        read line
        kill -KILL $!
        wait $!
        """;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _watch;
    private readonly Queue<string> _lines = new();
    private readonly Task _reading;
    private bool _disposed;

    private LocalRedisServer(Process watch, int port)
    {
        _watch = watch;
        Port = port;
        _reading = ReadOutputAsync();
    }

    /// <summary>The port on 127.0.0.1 that it listens on.</summary>
    public int Port { get; }

    /// <summary>The process id of the <c>redis-server</c>.</summary>
    public int ProcessId { get; private set; }

    /// <summary>How StackExchange.Redis connects to it.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Ends when the server process has ended, for whatever reason.</summary>
    public Task Ended => _reading;

    /// <summary>Starts a server on a free port and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message says what it wrote.</exception>
    public static async Task<LocalRedisServer> StartAsync(CancellationToken cancellation = default)
    {
        const int attempts = 5;
        var port = FreePort.Find();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartAsync(port, cancellation).ConfigureAwait(false);
            }
            catch (InvalidOperationException) when (attempt < attempts)
            {
                // The port was free a moment ago; somebody else may have been faster.
                port = FreePort.Find();
            }
        }
    }

    /// <summary>Starts a server on a port and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message says what it wrote.</exception>
    public static async Task<LocalRedisServer> StartAsync(int port, CancellationToken cancellation = default)
    {
        var server = new LocalRedisServer(StartProcess(port), port);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(StartLimit);
            await server.WaitUntilReadyAsync(limit.Token).ConfigureAwait(false);
            return server;
        }
        catch (Exception error)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (error is OperationCanceledException)
                throw new InvalidOperationException(server.Describe($"did not answer within {StartLimit.TotalSeconds:0} s"));
            throw;
        }
    }

    /// <summary>Kills the server and waits until it is gone; its port is free then.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        _watch.StandardInput.Close();
        await _watch.WaitForExitAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _watch.Dispose();
    }

    private static Process StartProcess(int port)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            "-c", Watch, "redis-server", "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1",
            "--save", string.Empty, "--appendonly", "no",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("/bin/sh could not be started.");
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException($"/bin/sh could not be started ({error.Message}); a local redis-server needs a Unix system.", error);
        }
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        var line = await _watch.StandardError.ReadLineAsync(cancellation).ConfigureAwait(false);
        ProcessId = int.TryParse(line, CultureInfo.InvariantCulture, out var id) ? id : throw new InvalidOperationException(Describe("could not be started"));
        while (!await AnswersAsync(cancellation).ConfigureAwait(false))
        {
            if (_reading.IsCompleted)
                throw new InvalidOperationException(Describe("ended at once"));
            await Task.Delay(20, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Whether this very server answers, and not another one that has the port.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellation).ConfigureAwait(false);
            await using var stream = client.GetStream();
            await stream.WriteAsync("INFO server\r\nQUIT\r\n"u8.ToArray(), cancellation).ConfigureAwait(false);
            using var reader = new StreamReader(stream);
            var answer = await reader.ReadToEndAsync(cancellation).ConfigureAwait(false);
            return answer.Contains(string.Create(CultureInfo.InvariantCulture, $"process_id:{ProcessId}\r\n"), StringComparison.Ordinal);
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }

    // Its log must be read, or the pipe would fill and stop it; and it is over when the server has ended.
    private async Task ReadOutputAsync()
    {
        while (await _watch.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            lock (_lines)
            {
                _lines.Enqueue(line);
                if (_lines.Count > LinesKept)
                    _lines.Dequeue();
            }
        }
    }

    private string Describe(string what)
    {
        lock (_lines)
            return $"redis-server on port {Port} {what}; is it installed, and the port free? It wrote: {string.Join(Environment.NewLine, _lines)}";
    }
}
