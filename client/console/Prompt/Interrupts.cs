using System.Runtime.InteropServices;

namespace OrleansCache.Cli.Prompt;

/// <summary>
/// Ctrl-C and the request to end. While someone listens, Ctrl-C stops what he does; otherwise, and when it is pressed again, it
/// ends the program, as SIGTERM and SIGHUP do, in order: everything that was started is stopped.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private CancellationTokenSource? _listener;

    /// <summary>Takes the process's signals.</summary>
    public void Register()
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Handle(signal, Interrupt)));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Handle(signal, End)));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => Handle(signal, End)));
    }

    /// <summary>Cancelled when the program is to end.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Makes Ctrl-C stop what is done under the source's token, until the source is disposed.</summary>
    public CancellationTokenSource Listen()
    {
        var listener = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        Volatile.Write(ref _listener, listener);
        return listener;
    }

    /// <summary>What Ctrl-C does.</summary>
    public void Interrupt()
    {
        if (Interlocked.Exchange(ref _listener, null) is not { } listener)
        {
            End();
            return;
        }

        try
        {
            listener.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // What it would have stopped has just ended by itself, so the person wants to leave.
            End();
        }
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _ending.Dispose();
    }

    private void End() => _ending.Cancel();

    private static void Handle(PosixSignalContext signal, Action handle)
    {
        signal.Cancel = true;
        handle();
    }
}
