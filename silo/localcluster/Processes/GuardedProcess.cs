using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace OrleansCache.LocalClusters;

/// <summary>
/// A child process that ends when this process ends, in whatever way. A shell between the two, the guard, reads a pipe from this process:
/// each line is the name of a signal for the program, and at the end of the pipe the guard kills the program, even a stopped one. Where
/// <c>setpriv</c> is installed the program also ends when its guard does. Where <c>setsid</c> is installed it gets a session of its own,
/// so that Ctrl-C in the terminal does not reach it.
/// </summary>
internal sealed class GuardedProcess : IAsyncDisposable
{
    private const int LinesKept = 2_000;
    private const int LinesShown = 20;

    // Arguments: a folder to remove at the end, or an empty string; the signal that ends the program; the program and its arguments.
    // The first line of the output is the program's process id. Background children of a shell inherit SIGINT and SIGQUIT ignored;
    // env resets both to the default.
    private const string Guard =
        """
        end=$1
        shift
        set -- /bin/sh -c 'echo $$; exec "$0" "$@" 2>&1' "$@"
        command -v setsid >/dev/null && set -- setsid "$@"
        env --default-signal=INT,QUIT true 2>/dev/null && set -- env --default-signal=INT,QUIT "$@"
        setpriv --pdeathsig KILL true 2>/dev/null && set -- setpriv --pdeathsig KILL "$@"
        "$@" </dev/null &
        trap '' HUP INT QUIT TERM
        exec >/dev/null 2>&1
        while read -r signal; do kill -"$signal" $!; done
        kill -"$end" $!
        wait $!
        code=$?
        [ -z "$0" ] || rm -rf "$0"
        exit $code
        """;

    private readonly Process _guard;
    private readonly Action<string>? _onLine;
    private readonly Queue<string> _lines = new();
    private readonly List<(string Text, TaskCompletionSource<string> Found)> _awaited = [];
    private readonly SemaphoreSlim _input = new(1);
    private readonly TaskCompletionSource<int> _id = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    private GuardedProcess(Process guard, Action<string>? onLine)
    {
        _guard = guard;
        _onLine = onLine;
        Ended = WatchAsync();
    }

    /// <summary>The program's process id.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Completes when the program has ended: with its exit code, or 128 plus the signal's number when a signal ended it.</summary>
    public Task<int> Ended { get; }

    /// <summary>The last 2,000 lines that the program wrote to its output and error streams.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    /// <summary>Starts a program.</summary>
    /// <exception cref="InvalidOperationException">The program cannot be started.</exception>
    public static async Task<GuardedProcess> StartAsync(GuardedProgram program, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        var guarded = new GuardedProcess(StartGuard(program), program.OnLine);
        try
        {
            guarded.ProcessId = await guarded._id.Task.WaitAsync(cancellation).ConfigureAwait(false);
            return guarded;
        }
        catch
        {
            await guarded.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends the program a signal; does nothing when it has ended.</summary>
    /// <param name="signal">The signal's name: TERM, INT, QUIT, KILL, STOP, CONT.</param>
    public async Task SignalAsync(string signal)
    {
        await _input.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_closed)
                return;
            await _guard.StandardInput.WriteLineAsync(signal).ConfigureAwait(false);
            await _guard.StandardInput.FlushAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The guard has ended, and so has the program.
            return;
        }
        finally
        {
            _input.Release();
        }
    }

    /// <summary>Pauses the program (SIGSTOP) and waits until it is stopped.</summary>
    public async Task PauseAsync()
    {
        await SignalAsync("STOP").ConfigureAwait(false);
        while (!Ended.IsCompleted && !IsStopped())
            await Task.Delay(2).ConfigureAwait(false);
    }

    /// <summary>Resumes a paused program (SIGCONT).</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Kills the program (SIGKILL) and waits until it has ended.</summary>
    public async Task KillAsync()
    {
        await SignalAsync("KILL").ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
    }

    /// <summary>The first line that contains a text, among the lines that are kept and those that follow.</summary>
    /// <exception cref="InvalidOperationException">The program ended without writing it.</exception>
    public Task<string> WaitForLineAsync(string text, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        lock (_lines)
        {
            if (_lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } line)
                return Task.FromResult(line);
            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Ended.IsCompleted)
                found.SetException(EndedWithout(text));
            else
                _awaited.Add((text, found));
            return found.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>Ends the program with <see cref="GuardedProgram.LastSignal"/> if it is running, and waits until it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
        _guard.Dispose();
    }

    private static Process StartGuard(GuardedProgram program)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] arguments = ["-c", Guard, program.Folder ?? "", program.LastSignal, .. program.Host.Launcher, .. program.Command];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in program.Environment)
            start.Environment[name] = value;
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("/bin/sh could not be started.");
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException(
                $"/bin/sh could not be started ({error.Message}); processes of a local cluster need a Unix system.", error);
        }
    }

    private async Task<int> WatchAsync()
    {
        // Reading from a pipe blocks its thread; the thread pool has too few threads for the processes of a cluster.
        await Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
        await _guard.WaitForExitAsync().ConfigureAwait(false);
        var code = _guard.ExitCode;
        _id.TrySetException(new InvalidOperationException($"The process ended at once with exit code {code}."));
        lock (_lines)
        {
            foreach (var (text, found) in _awaited)
                found.TrySetException(EndedWithout(text));
            _awaited.Clear();
        }

        return code;
    }

    // The output must be read, or the pipe would fill up and block the program. The end of the stream is the end of the program.
    private void Read()
    {
        while (_guard.StandardOutput.ReadLine() is { } line)
        {
            if (!_id.Task.IsCompleted && int.TryParse(line, CultureInfo.InvariantCulture, out var id))
            {
                _id.SetResult(id);
                continue;
            }

            lock (_lines)
            {
                _lines.Enqueue(line);
                if (_lines.Count > LinesKept)
                    _lines.Dequeue();
                foreach (var (text, found) in _awaited)
                {
                    if (line.Contains(text, StringComparison.Ordinal))
                        found.TrySetResult(line);
                }

                _awaited.RemoveAll(awaited => awaited.Found.Task.IsCompleted);
            }

            _onLine?.Invoke(line);
        }
    }

    private async Task CloseAsync()
    {
        await _input.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_closed)
                return;
            _closed = true;
            _guard.StandardInput.Close();
        }
        catch (IOException)
        {
            // The guard has ended, and so has the program.
            return;
        }
        finally
        {
            _input.Release();
        }
    }

    /// <summary>Whether the program is stopped, by /proc; where there is none, the signal is assumed to have arrived.</summary>
    private bool IsStopped()
    {
        try
        {
            var state = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessId}/stat"));
            return state[(state.LastIndexOf(')') + 2)..][0] is 'T' or 't' or 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }

    // With what it wrote, which says why it ended.
    private InvalidOperationException EndedWithout(string text) => new(
        $"The process {ProcessId} ended and wrote no line with \"{text}\". Its last lines:{Environment.NewLine}"
        + string.Join(Environment.NewLine, _lines.TakeLast(LinesShown)));
}

/// <summary>What a <see cref="GuardedProcess"/> runs.</summary>
internal sealed record GuardedProgram
{
    /// <summary>The program and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The host on which it runs. Default: this machine.</summary>
    public NetworkHost Host { get; init; } = NetworkHost.Loopback;

    /// <summary>Environment variables in addition to those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A folder that is removed when the program has ended, in whatever way.</summary>
    public string? Folder { get; init; }

    /// <summary>The signal that ends the program when this process ends or disposes of it. Default: KILL.</summary>
    public string LastSignal { get; init; } = "KILL";

    /// <summary>Called for each line that the program writes, one call at a time.</summary>
    public Action<string>? OnLine { get; init; }
}
