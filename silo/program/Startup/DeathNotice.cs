using OrleansCache.Silo.Logging;

namespace OrleansCache.Silo.Startup;

/// <summary>
/// Ends the process when the engine says that the silo must not go on, which is when the cluster has declared it dead: its
/// grains live elsewhere by then, so it answers nothing more and hands nothing over.
/// </summary>
internal sealed class DeathNotice(TextWriter error) : IFatalErrorHandler
{
    private readonly Lock _gate = new();

    public bool IsUnexpected(Exception exception) => exception is not ThreadAbortException;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        lock (_gate)
        {
            // Written by itself: the log's own lines wait for their turn, and the process does not.
            var reason = string.Join(": ", new[] { context, exception?.Message }.Where(part => !string.IsNullOrWhiteSpace(part)));
            error.WriteLine(LogLine.Format(DateTimeOffset.Now, "CRIT", $"The silo ends, as the engine says that it must not go on: {reason}"));
            error.Flush();
            Environment.Exit(ExitCode.Dead);
        }
    }
}
