namespace OrleansCache.Cli.Sessions;

/// <summary>There can be no session; the message says in one line what was tried and what to do.</summary>
internal sealed class SessionException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    public int ExitCode { get; } = exitCode;
}
