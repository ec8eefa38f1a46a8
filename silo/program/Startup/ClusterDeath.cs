using Microsoft.Extensions.Logging;

namespace OrleansCache.Silo.Startup;

/// <summary>
/// Ends the process when Orleans reports a fatal error, which it does when the cluster has declared this silo dead. The silo's grains are
/// active elsewhere by then, so there is nothing to hand over, and no call may be answered any more.
/// </summary>
internal sealed partial class ClusterDeath(ILoggerFactory loggers) : IFatalErrorHandler
{
    private readonly Lock _gate = new();

    public bool IsUnexpected(Exception exception) => exception is not ThreadAbortException;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        lock (_gate)
        {
            var reasons = new[] { context, exception?.Message }.Where(part => !string.IsNullOrWhiteSpace(part));
            LogDead(loggers.CreateLogger("OrleansCache.Silo"), string.Join(": ", reasons));
            // The console's log is written by a queue of its own; disposing of it writes what is still queued.
            loggers.Dispose();
            Environment.Exit(SiloExitCode.Dead);
        }
    }

    [LoggerMessage(EventId = 1804, Level = LogLevel.Critical, Message = "Terminating: the cluster has declared this silo dead: {Reason}")]
    private static partial void LogDead(ILogger logger, string reason);
}
