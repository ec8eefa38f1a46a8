using System.CommandLine;

namespace OrleansCache.Cli.Commands;

/// <summary>How commands are written.</summary>
internal static class Usage
{
    /// <summary>A command with the names of its parents before it: <c>node add</c>.</summary>
    public static string Path(Command command) => command.Parents.OfType<Command>().FirstOrDefault(parent => parent is not RootCommand) is { } parent
        ? $"{Path(parent)} {command.Name}"
        : command.Name;

    /// <summary>A command with its arguments and options: <c>ring REGION [KEY]</c>.</summary>
    public static string Of(Command command)
    {
        var arguments = command.Arguments.Select(argument => (argument.Arity.MinimumNumberOfValues, argument.Arity.MaximumNumberOfValues) switch
        {
            (0, > 1) => $"[{argument.Name}...]",
            (0, _) => $"[{argument.Name}]",
            (_, > 1) => $"{argument.Name}...",
            _ => argument.Name,
        });
        var options = command.Options.Where(option => !option.Recursive && option.Name != "--help")
            .Select(option => (option.HelpName is { } value ? $"{option.Name} {value}" : option.Name, option.Required) is var (text, required) && required ? text : $"[{text}]");
        return string.Join(' ', arguments.Concat(options).Prepend(Path(command)));
    }

    /// <summary>What to do next for one who did not write a command as it is.</summary>
    public static string Hint(Command command) => command switch
    {
        RootCommand => "\"help\" lists the commands.",
        { Subcommands.Count: > 0 } => $"Usage: {Path(command)} {string.Join('|', command.Subcommands.Select(sub => sub.Name))} ...",
        _ => $"Usage: {Of(command)}",
    };
}
