using System.CommandLine;
using OrleansCache.Cli.Output.Reports;

namespace OrleansCache.Cli.Commands;

/// <summary><c>help [COMMAND]</c></summary>
internal sealed class HelpCommand : ConsoleCommand
{
    private static readonly Dictionary<int, string> ExitCodes = new()
    {
        [ExitCode.Done] = "found or done",
        [ExitCode.NotFound] = "not found",
        [ExitCode.BadUsage] = "bad usage",
        [ExitCode.Unavailable] = "unavailable",
        [ExitCode.Conflict] = "conflict",
        [ExitCode.Internal] = "a mistake of the program",
        [ExitCode.Interrupted] = "stopped by Ctrl-C",
    };

    private readonly CommandTree _tree;
    private readonly Argument<string[]> _command = new(Names.Command) { Description = "The command to explain.", Arity = ArgumentArity.ZeroOrMore };

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
            scope.Output.Write(new HelpReport([.. Leaves(_tree.Root).Select(leaf => new HelpReport.CommandEntry(Usage.Of(leaf), FirstSentence(leaf.Description ?? "")))], ExitCodes));
            return Task.FromResult(ExitCode.Done);
        }

        var command = _tree.Parse(words).CommandResult.Command;
        if (command == _tree.Root)
            return Task.FromResult(scope.Fail(ExitCode.BadUsage, $"There is no command \"{words[0]}\".", Suggestions.For(words[0], _tree.Root)));
        var help = new StringWriter();
        _tree.Parse([.. words, "--help"]).Invoke(new InvocationConfiguration { Output = help });
        scope.Output.Write(new TextReport(help.ToString()));
        return Task.FromResult(ExitCode.Done);
    }

    private static string FirstSentence(string text) => text.IndexOf(". ", StringComparison.Ordinal) is >= 0 and var end ? text[..(end + 1)] : text;

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);
}
