using System.CommandLine;
using OrleansCache.Cli.Output;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Commands;

/// <summary>A command of the console.</summary>
internal abstract class ConsoleCommand(string name, string description) : Command(name, description)
{
    /// <summary>Runs the command and writes one answer.</summary>
    /// <returns>The <see cref="ConsoleExitCode"/>.</returns>
    public abstract Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation);
}

/// <summary>The output and the cluster of one command.</summary>
internal sealed record CommandScope(IOutput Output, ISessionSource Sessions)
{
    public Task<ISession> SessionAsync(CancellationToken cancellation) => Sessions.GetAsync(Output.Notice, cancellation);

    /// <summary>Reports an error.</summary>
    /// <returns>The exit code.</returns>
    public int Fail(int exitCode, string message, string? hint = null)
    {
        Output.Error(new(exitCode, message, hint));
        return exitCode;
    }
}

/// <summary>Names of arguments and of options' values. The completer decides by them what to offer.</summary>
internal static class Names
{
    public const string Region = "REGION";
    public const string Key = "KEY";
    public const string Node = "NODE";
    public const string File = "FILE";
    public const string Command = "COMMAND";
}
