using System.Runtime.InteropServices;

namespace OrleansCache.Silo.Startup;

/// <summary>SIGTERM and Ctrl-C as a token; a Ctrl-C while it stops ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    // What a shell makes of a process that Ctrl-C has ended.
    private const int Interrupted = 130;

    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() =>
        _registrations = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT }.Select(signal => PosixSignalRegistration.Create(signal, Take))];

    public CancellationToken Asked => _asked.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _asked.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_asked.IsCancellationRequested)
            _asked.Cancel();
        else if (context.Signal is PosixSignal.SIGINT)
            Environment.Exit(Interrupted);
    }
}
