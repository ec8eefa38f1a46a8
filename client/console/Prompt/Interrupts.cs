using System.Runtime.InteropServices;

namespace OrleansCache.Cli.Prompt;

/// <summary>
/// Handles SIGINT, SIGTERM and SIGHUP. While a command listens, Ctrl-C cancels that command. Otherwise, or when pressed again, it ends the
/// program gracefully, as SIGTERM and SIGHUP do.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private CancellationTokenSource? _listener;

    /// <summary>Registers the signal handlers.</summary>
    public void Register()
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Handle(signal, Interrupt)));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Handle(signal, End)));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => Handle(signal, End)));
    }

    /// <summary>Cancelled when the program must end.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Makes Ctrl-C cancel the returned source until it is disposed.</summary>
    public CancellationTokenSource Listen()
    {
        var listener = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        Volatile.Write(ref _listener, listener);
        return listener;
    }

    /// <summary>Handles Ctrl-C.</summary>
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
            // The command has just finished by itself, so Ctrl-C means the program.
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
