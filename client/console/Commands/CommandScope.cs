using OrleansCache.Cli.Output;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Commands;

/// <summary>What a command works with.</summary>
internal sealed record CommandScope(IOutput Output, ISessionSource Sessions)
{
    public Task<ISession> SessionAsync(CancellationToken cancellation) => Sessions.GetAsync(Output.Notice, cancellation);

    /// <summary>Says why the command cannot do its work.</summary>
    public int Fail(int exitCode, string message, string? hint = null)
    {
        Output.Error(new(exitCode, message, hint));
        return exitCode;
    }
}
