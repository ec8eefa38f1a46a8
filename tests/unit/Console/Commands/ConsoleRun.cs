using System.Text.Json;
using OrleansCache.Cli.Commands;
using OrleansCache.Cli.Output;
using OrleansCache.Cli.Prompt;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Tests.Console.Commands;

/// <summary>The exit code and the output of one command line.</summary>
internal sealed record ConsoleRun(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public static async Task<ConsoleRun> OfAsync(string line, ISessionSource sessions, CancellationToken cancellation = default)
    {
        var (answers, notices) = (new StringWriter(), new StringWriter());
        var tree = new CommandTree(new LocalStart(), interactive: true);
        IOutput Output(bool json) => json ? new JsonOutput(answers, notices) : new HumanOutput(answers, false, notices, false);
        var runner = new CommandRunner(tree, sessions, Output);
        var exitCode = await runner.RunAsync(tree.Parse(Words.Split(line)!), cancellation);
        return new(exitCode, answers.ToString(), notices.ToString());
    }
}
