using System.CommandLine;
using OrleansCache.Cli.Output.Reports;

namespace OrleansCache.Cli.Commands;

/// <summary><c>help [COMMAND]</c></summary>
internal sealed class HelpCommand : ConsoleCommand
{
    private static readonly Dictionary<int, string> ExitCodes = new()
    {
        [ConsoleExitCode.Done] = "found or done",
        [ConsoleExitCode.NotFound] = "not found",
        [ConsoleExitCode.BadUsage] = "bad usage",
        [ConsoleExitCode.Unavailable] = "unavailable",
        [ConsoleExitCode.Conflict] = "conflict",
        [ConsoleExitCode.Incomplete] = "done but for rows that had to be left out",
        [ConsoleExitCode.Internal] = "a bug in the program",
        [ConsoleExitCode.Interrupted] = "stopped by Ctrl-C",
    };

    private readonly CommandTree _tree;
    private readonly Argument<string[]> _command = new(Names.Command)
    {
        Description = "The command to explain.",
        Arity = ArgumentArity.ZeroOrMore,
    };


    public HelpCommand(CommandTree tree)
        : base("help", "Lists the commands, or explains one.")
    {
        _tree = tree;
        Add(_command);
    }

    public override Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var words = parsed.GetValue(_command) ?? [];
        if (words.Length == 0)
        {
            var entries = Leaves(_tree.Root)
                .Select(leaf => new HelpReport.CommandEntry(Usage.Of(leaf), FirstSentence(leaf.Description ?? "")));
            scope.Output.Write(new HelpReport([.. entries], ExitCodes));
            return Task.FromResult(ConsoleExitCode.Done);
        }

        var command = _tree.Parse(words).CommandResult.Command;
        if (command == _tree.Root)
        {
            var (message, hint) = ($"There is no command \"{words[0]}\".", Suggestions.For(words[0], _tree.Root));
            return Task.FromResult(scope.Fail(ConsoleExitCode.BadUsage, message, hint));
        }

        var help = new StringWriter();
        _tree.Parse([.. words, "--help"]).Invoke(new InvocationConfiguration { Output = help });
        scope.Output.Write(new TextReport(help.ToString()));
        return Task.FromResult(ConsoleExitCode.Done);
    }

    private static string FirstSentence(string text) =>
        text.IndexOf(". ", StringComparison.Ordinal) is >= 0 and var end ? text[..(end + 1)] : text;

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);
}

/// <summary><c>exit</c>: the loop that reads the commands recognizes it and ends.</summary>
internal sealed class ExitCommand : ConsoleCommand
{
    public ExitCommand()
        : base("exit", "Leaves the prompt.") => Aliases.Add("quit");

    public override Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation) =>
        Task.FromResult(ConsoleExitCode.Done);
}
