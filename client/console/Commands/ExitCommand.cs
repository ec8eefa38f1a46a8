using System.CommandLine;

namespace OrleansCache.Cli.Commands;

/// <summary><c>exit</c>: the loop that reads the commands knows it and ends.</summary>
internal sealed class ExitCommand : ConsoleCommand
{
    public ExitCommand()
        : base("exit", "Leaves the prompt.") => Aliases.Add("quit");

    public override Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation) => Task.FromResult(ExitCode.Done);
}
