using System.Globalization;
using System.Net;
using OrleansCache.Placement;

namespace OrleansCache.LocalClusters;

/// <summary>A silo in a process of its own.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private const int LinesShown = 20;

    private static readonly TimeSpan HealthInterval = TimeSpan.FromMilliseconds(50);

    private readonly GuardedProcess _process;

    private SiloProcess(GuardedProcess process, SiloProcessOptions options)
    {
        _process = process;
        Options = options;
    }

    /// <summary>The options that it was started with.</summary>
    internal SiloProcessOptions Options { get; }

    /// <summary>The silo's name: <c>europe.1</c>.</summary>
    public string Name => NameOf(Options.Region, Options.Number);

    /// <summary>The region.</summary>
    public string Region => Options.Region;

    /// <summary>The gateway for clients.</summary>
    public IPEndPoint Gateway => new(Options.Host.Address, Options.GatewayPort);

    /// <summary>The Unix domain socket of its HTTP server; empty where it has none.</summary>
    public string HttpSocket => Options.HttpSocket;

    /// <summary>The process id.</summary>
    public int ProcessId => _process.ProcessId;

    /// <summary>Completes when the process has ended: with its exit code, or 128 plus the signal's number when a signal ended it.</summary>
    public Task<int> Ended => _process.Ended;

    /// <summary>The last lines that the silo wrote.</summary>
    public IReadOnlyList<string> Lines => _process.Lines;

    /// <summary>A silo's name.</summary>
    public static string NameOf(string region, int number) => SiloName.Of(region, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The command line that starts this silo.</summary>
    public string CommandLine => string.Join(' ', Options.Host.Launcher.Concat(Command(Options)));

    /// <summary>Starts a silo without waiting until it is ready.</summary>
    /// <exception cref="SiloProcessException">The silo program does not exist or cannot be started.</exception>
    internal static async Task<SiloProcess> LaunchAsync(SiloProcessOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!File.Exists(options.Program))
            throw new SiloProcessException($"There is no silo program {options.Program}; build silo/program/OrleansCache.Silo.csproj.");
        try
        {
            var process = await GuardedProcess.StartAsync(
                new() { Command = Command(options), Host = options.Host, Environment = options.Environment, OnLine = options.OnLine },
                cancellation).ConfigureAwait(false);
            return new(process, options);
        }
        catch (InvalidOperationException error)
        {
            throw new SiloProcessException(
                $"The silo {NameOf(options.Region, options.Number)} could not be started: {error.Message}", error);
        }
    }

    /// <summary>Starts a silo and waits until it is ready.</summary>
    /// <exception cref="SiloProcessException">The silo ended or was not ready in time.</exception>
    internal static async Task<SiloProcess> StartAsync(SiloProcessOptions options, CancellationToken cancellation = default)
    {
        var silo = await LaunchAsync(options, cancellation).ConfigureAwait(false);
        try
        {
            await silo.WaitUntilReadyAsync(cancellation).ConfigureAwait(false);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Waits until the silo has written that it is ready, and says so at <c>/health/ready</c> where it has an HTTP server.
    /// </summary>
    /// <exception cref="SiloProcessException">The silo ended or was not ready in time.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellation = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Options.StartLimit);
        try
        {
            await _process.WaitForLineAsync($"ready {Name} ", limit.Token).ConfigureAwait(false);
            if (HttpSocket.Length > 0)
                await WaitForHealthAsync(limit.Token).ConfigureAwait(false);
        }
        catch (InvalidOperationException error)
        {
            var code = await Ended.ConfigureAwait(false);
            throw new SiloProcessException(Describe($"ended with exit code {code} before it was ready"), error);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SiloProcessException(Describe($"was not ready within {Options.StartLimit.TotalSeconds:0} s"));
        }
    }

    /// <summary>The first line that contains a text, among the lines that are kept and those that follow.</summary>
    /// <exception cref="InvalidOperationException">The silo ended without writing it.</exception>
    public Task<string> WaitForLineAsync(string text, CancellationToken cancellation = default) =>
        _process.WaitForLineAsync(text, cancellation);

    /// <summary>Stops the silo (SIGTERM) and waits until it has ended; kills it when that takes too long.</summary>
    /// <param name="patience">How long it may take. Default: 10 s.</param>
    /// <returns>The exit code: 0 when it shut down gracefully, 137 when it had to be killed.</returns>
    public async Task<int> StopAsync(TimeSpan? patience = null)
    {
        await _process.SignalAsync("TERM").ConfigureAwait(false);
        try
        {
            return await Ended.WaitAsync(patience ?? TimeSpan.FromSeconds(10)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await KillAsync().ConfigureAwait(false);
            return await Ended.ConfigureAwait(false);
        }
    }

    /// <summary>Kills the silo (SIGKILL) and waits until it has ended.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Pauses the silo (SIGSTOP).</summary>
    public Task PauseAsync() => _process.PauseAsync();

    /// <summary>Resumes the silo (SIGCONT).</summary>
    public Task ResumeAsync() => _process.ResumeAsync();

    /// <summary>Kills the silo if it is running.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task WaitForHealthAsync(CancellationToken cancellation)
    {
        using var http = SiloSocket.Open(HttpSocket);
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://silo/health/ready");
            try
            {
                using var answer = await http.SendAsync(request, cancellation).ConfigureAwait(false);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException error) when (Ended.IsCompleted)
            {
                throw new InvalidOperationException(error.Message, error);
            }
            catch (HttpRequestException)
            {
                // It is asked again.
            }

            await Task.Delay(HealthInterval, cancellation).ConfigureAwait(false);
        }
    }

    private static IReadOnlyList<string> Command(SiloProcessOptions options) =>
    [
        Programs.DotNet, options.Program,
        "--region", options.Region,
        "--number", options.Number.ToString(CultureInfo.InvariantCulture),
        "--silo-port", options.SiloPort.ToString(CultureInfo.InvariantCulture),
        "--gateway-port", options.GatewayPort.ToString(CultureInfo.InvariantCulture),
        .. options.ConfigFile is { } file ? (string[])["--config", file] : [],
        .. options.Host.IsDistant ? (string[])[$"--OrleansCache:Silo:Address={options.Host.Address}"] : [],
        options.HttpSocket.Length > 0 ? $"--OrleansCache:Http:Socket={options.HttpSocket}" : "--OrleansCache:Http:Port=0",
        .. options.Arguments,
    ];

    private string Describe(string what) =>
        $"The silo {Name} {what}. It wrote:{Environment.NewLine}{string.Join(Environment.NewLine, Lines.TakeLast(LinesShown))}";
}

/// <summary>How a silo process is started.</summary>
internal sealed record SiloProcessOptions
{
    /// <summary>The silo program's assembly. Default: the one that was built or published with the running program.</summary>
    public string Program { get; init; } = Programs.FindSilo();

    /// <summary>The host on which it runs and listens. Default: this machine.</summary>
    public NetworkHost Host { get; init; } = NetworkHost.Loopback;

    /// <summary>The silo's region.</summary>
    public required string Region { get; init; }

    /// <summary>The silo's number in its region, from 1.</summary>
    public int Number { get; init; } = 1;

    /// <summary>The port for other silos.</summary>
    public required int SiloPort { get; init; }

    /// <summary>The port for clients.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The JSON file with the settings that the silos share.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The Unix domain socket of its HTTP server; empty for no server.</summary>
    public string HttpSocket { get; init; } = "";

    /// <summary>Further arguments, such as settings of its own: <c>--OrleansCache:Node:Budget=00:00:01</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Environment variables in addition to those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Called for each line that the silo writes.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>How long the silo may take until it is ready. Default: 60 s.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>A silo process or a server that it needs was not ready in time; the message says which, and what it wrote.</summary>
public sealed class SiloProcessException(string message, Exception? cause = null) : Exception(message, cause);
