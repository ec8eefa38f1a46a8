using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace OrleansCache.LocalClusters;

/// <summary>
/// A program that does not outlive its parent, however that ends. A shell between the two holds the end of a pipe: what is
/// written into it are signals for the program, and when it breaks the shell kills the program, which works on a stopped one
/// too. Where the system can (<c>setpriv</c>), the program also dies with the shell; and where <c>setsid</c> is at hand, a
/// Ctrl-C that is meant for the parent does not reach it.
/// </summary>
public sealed class GuardedProcess : IAsyncDisposable
{
    private const int LinesKept = 2_000;

    // The arguments are a folder to remove at the end, or nothing; the signal that ends the program with its parent; and the program
    // with its arguments. The program's own first act is to say its id, so that this is the first line whatever it writes afterwards. A shell makes what it starts beside
    // itself deaf to Ctrl-C, which the program then stays: so it is told to listen again.
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

    /// <summary>Ends when the program has: with its exit code, or 128 and the signal's number when a signal ended it.</summary>
    public Task<int> Ended { get; }

    /// <summary>The last lines that it wrote to its output and error streams.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    /// <summary>Starts a program.</summary>
    /// <exception cref="InvalidOperationException">It could not be started.</exception>
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

    /// <summary>Sends the program a signal. Nothing happens when it has ended.</summary>
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
            // The guard is gone, and the program with it.
            return;
        }
        finally
        {
            _input.Release();
        }
    }

    /// <summary>Stops the program in its tracks (SIGSTOP), and waits until it stands.</summary>
    public async Task PauseAsync()
    {
        await SignalAsync("STOP").ConfigureAwait(false);
        while (!Ended.IsCompleted && !IsStopped())
            await Task.Delay(2).ConfigureAwait(false);
    }

    /// <summary>Lets a stopped program go on (SIGCONT).</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Kills the program (SIGKILL) and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        await SignalAsync("KILL").ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
    }

    /// <summary>The first line that has a text in it, of those still kept and those to come.</summary>
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

    /// <summary>Ends the program with its last signal if it still runs, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
        _guard.Dispose();
    }

    private static Process StartGuard(GuardedProgram program)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-c", Guard, program.Folder ?? "", program.LastSignal, .. program.Command])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in program.Environment)
            start.Environment[name] = value;
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("/bin/sh could not be started.");
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException($"/bin/sh could not be started ({error.Message}); processes of a local cluster need a Unix system.", error);
        }
    }

    private async Task<int> WatchAsync()
    {
        // A read from a pipe holds its thread, so it gets one of its own: the pool has too few for a cluster's processes.
        await Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
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

    // What it writes must be read, or the pipe would fill and stop it; and the stream's end is the program's.
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
            // The guard is gone, and the program with it.
            return;
        }
        finally
        {
            _input.Release();
        }
    }

    /// <summary>Whether the system says so; where it does not tell, the signal is taken to have arrived.</summary>
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

    private InvalidOperationException EndedWithout(string text) => new($"The process {ProcessId} ended and wrote no line with \"{text}\".");
}
