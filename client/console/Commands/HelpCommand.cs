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
            scope.Output.Write(new HelpReport([.. Leaves(_tree.Root, "").Select(leaf => new HelpReport.CommandEntry(leaf.Usage, leaf.Command.Description ?? ""))], ExitCodes));
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

    private static IEnumerable<(string Usage, Command Command)> Leaves(Command command, string path) =>
        command.Subcommands.Count == 0
            ? [(Usage(command, path), command)]
            : command.Subcommands.SelectMany(sub => Leaves(sub, path.Length == 0 ? sub.Name : $"{path} {sub.Name}"));

    private static string Usage(Command command, string path)
    {
        var arguments = command.Arguments.Select(argument => (argument.Arity.MinimumNumberOfValues, argument.Arity.MaximumNumberOfValues) switch
        {
            (0, _) => $"[{argument.Name}]",
            (_, > 1) => $"{argument.Name}...",
            _ => argument.Name,
        });
        var options = command.Options.Where(option => !option.Recursive && option.Name != "--help")
            .Select(option => option.HelpName is { } value ? $"[{option.Name} {value}]" : $"[{option.Name}]");
        return string.Join(' ', arguments.Concat(options).Prepend(path));
    }
}
