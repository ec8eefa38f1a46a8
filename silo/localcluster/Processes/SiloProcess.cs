using System.Globalization;
using System.Net;
using OrleansCache.Placement;

namespace OrleansCache.LocalClusters;

/// <summary>A silo in a process of its own.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private const int LinesShown = 20;

    private readonly GuardedProcess _process;

    private SiloProcess(GuardedProcess process, SiloProcessOptions options)
    {
        _process = process;
        Options = options;
    }

    /// <summary>How it was started.</summary>
    public SiloProcessOptions Options { get; }

    /// <summary>The silo's name: <c>europe.1</c>.</summary>
    public string Name => NameOf(Options.Region, Options.Number);

    /// <summary>Where clients enter.</summary>
    public IPEndPoint Gateway => new(IPAddress.Loopback, Options.GatewayPort);

    /// <summary>The process id.</summary>
    public int ProcessId => _process.ProcessId;

    /// <summary>Ends when the process has: with its exit code, or 128 and the signal's number when a signal ended it.</summary>
    public Task<int> Ended => _process.Ended;

    /// <summary>The last lines that it wrote.</summary>
    public IReadOnlyList<string> Lines => _process.Lines;

    /// <summary>A silo's name.</summary>
    public static string NameOf(string region, int number) => SiloName.Of(region, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The command that starts such a silo by hand.</summary>
    public string CommandLine => string.Join(' ', Command(Options));

    /// <summary>Starts a silo's process and does not wait until it is ready.</summary>
    /// <exception cref="SiloProcessException">There is no such program, or it cannot be started.</exception>
    public static async Task<SiloProcess> LaunchAsync(SiloProcessOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!File.Exists(options.Program))
            throw new SiloProcessException($"There is no silo program {options.Program}; build the project silo.");
        try
        {
            var process = await GuardedProcess.StartAsync(
                new() { Command = Command(options), Environment = options.Environment, OnLine = options.OnLine }, cancellation).ConfigureAwait(false);
            return new(process, options);
        }
        catch (InvalidOperationException error)
        {
            throw new SiloProcessException($"The silo {NameOf(options.Region, options.Number)} could not be started: {error.Message}", error);
        }
    }

    /// <summary>Starts a silo's process and waits until it is ready.</summary>
    /// <exception cref="SiloProcessException">It ended or was not ready in time.</exception>
    public static async Task<SiloProcess> StartAsync(SiloProcessOptions options, CancellationToken cancellation = default)
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

    /// <summary>Waits until it has said that it is ready.</summary>
    /// <exception cref="SiloProcessException">It ended or was not ready in time.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellation = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Options.StartLimit);
        try
        {
            await _process.WaitForLineAsync($"ready {Name} ", limit.Token).ConfigureAwait(false);
        }
        catch (InvalidOperationException error)
        {
            throw new SiloProcessException(Describe($"ended with exit code {await Ended.ConfigureAwait(false)} before it was ready"), error);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SiloProcessException(Describe($"was not ready within {Options.StartLimit.TotalSeconds:0} s"));
        }
    }

    /// <summary>The first line that has a text in it, of those still kept and those to come.</summary>
    /// <exception cref="InvalidOperationException">The silo ended without writing it.</exception>
    public Task<string> WaitForLineAsync(string text, CancellationToken cancellation = default) => _process.WaitForLineAsync(text, cancellation);

    /// <summary>Asks it to end (SIGTERM) and waits until it has; kills it when it takes longer than it may.</summary>
    /// <param name="patience">How long it may take: 10 s unless said.</param>
    /// <returns>Its exit code: 0 when it ended in order, 137 when it had to be killed.</returns>
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

    /// <summary>Kills it (SIGKILL) and waits until it is gone.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Stops it in its tracks (SIGSTOP).</summary>
    public Task PauseAsync() => _process.PauseAsync();

    /// <summary>Lets it go on (SIGCONT).</summary>
    public Task ResumeAsync() => _process.ResumeAsync();

    /// <summary>Kills it if it still runs.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static IReadOnlyList<string> Command(SiloProcessOptions options) =>
    [
        DotNetHost.Path, options.Program,
        "--region", options.Region,
        "--number", options.Number.ToString(CultureInfo.InvariantCulture),
        "--silo-port", options.SiloPort.ToString(CultureInfo.InvariantCulture),
        "--gateway-port", options.GatewayPort.ToString(CultureInfo.InvariantCulture),
        .. options.ConfigFile is { } file ? (string[])["--config", file] : [],
        .. options.Arguments,
    ];

    private string Describe(string what) =>
        $"The silo {Name} {what}. It wrote:{Environment.NewLine}{string.Join(Environment.NewLine, Lines.TakeLast(LinesShown))}";
}
