using System.CommandLine;
using System.CommandLine.Parsing;

namespace OrleansCache.Cli.Commands;

/// <summary>The syntax of commands, for help and hints.</summary>
internal static class Usage
{
    /// <summary>A command with the names of its parents before it: <c>node add</c>.</summary>
    public static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault(parent => parent is not RootCommand) is { } parent
            ? $"{Path(parent)} {command.Name}"
            : command.Name;

    /// <summary>A command with its arguments and options: <c>ring REGION [KEY]</c>.</summary>
    public static string Of(Command command)
    {
        var arguments = command.Arguments.Select(argument => argument.Arity switch
        {
            { MinimumNumberOfValues: 0, MaximumNumberOfValues: > 1 } => $"[{argument.Name}...]",
            { MinimumNumberOfValues: 0 } => $"[{argument.Name}]",
            { MaximumNumberOfValues: > 1 } => $"{argument.Name}...",
            _ => argument.Name,
        });
        var options = command.Options.Where(option => !option.Recursive && option.Name != "--help")
            .Select(option => option.Required ? WithValue(option) : $"[{WithValue(option)}]");
        return string.Join(' ', arguments.Concat(options).Prepend(Path(command)));
    }

    /// <summary>An option with the name of its value: <c>--weight W</c>.</summary>
    public static string WithValue(Option option) => option.HelpName is { } value ? $"{option.Name} {value}" : option.Name;

    /// <summary>The correct syntax, for somebody who used another one.</summary>
    public static string Hint(Command command) => command switch
    {
        RootCommand => "\"help\" lists the commands.",
        { Subcommands.Count: > 0 } => $"Usage: {Path(command)} {string.Join('|', command.Subcommands.Select(sub => sub.Name))} ...",
        _ => $"Usage: {Of(command)}",
    };
}

/// <summary>Describes the errors of a command line in the words of the help; the parser's own messages name .NET types.</summary>
internal static class Complaint
{
    public static string About(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var complaints = parsed.Errors.Where(error => !IsMissing(error)).Select(InWords).ToList();
        // For missing options and arguments the parser has several messages, and none that says what they are.
        var unset = command.Options.Where(option => option.Required && parsed.GetResult(option) is not { Tokens.Count: > 0 }).ToArray();
        complaints.RemoveAll(complaint => unset.Any(option => complaint.Contains($"'{option.Name}'", StringComparison.Ordinal)));
        var missing = command.Arguments
            .Where(argument => argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is not { Tokens.Count: > 0 })
            .Select(argument => argument.Name)
            .Concat(unset.Select(Usage.WithValue))
            .ToArray();
        if (missing.Length > 0)
            complaints.Add($"\"{Usage.Path(command)}\" needs {string.Join(", ", missing)}.");
        else if (command.Subcommands.Count > 0)
            complaints.Add($"\"{Usage.Path(command)}\" needs a command after it.");
        return string.Join(" ", complaints.Distinct());
    }

    private static bool IsMissing(ParseError error) => error.SymbolResult switch
    {
        ArgumentResult { Parent: CommandResult, Tokens.Count: 0 } => true,
        CommandResult { Command.Subcommands.Count: > 0, Tokens.Count: 0 } => !error.Message.Contains('\''),
        _ => false,
    };

    private static string InWords(ParseError error) => error.SymbolResult switch
    {
        ArgumentResult { Tokens: [var typed], Argument: { } argument } => Mismatch(argument.Name, typed.Value, argument.ValueType, error),
        OptionResult { Tokens: [var typed], Option: { } option } => Mismatch(option.Name, typed.Value, option.ValueType, error),
        _ => error.Message,
    };

    private static string Mismatch(string name, string typed, Type type, ParseError error) =>
        error.Message.Contains(type.ToString(), StringComparison.Ordinal) && Kind(Nullable.GetUnderlyingType(type) ?? type) is { } kind
            ? $"{name} is \"{typed}\"; it must be {kind}."
            : error.Message;

    private static string? Kind(Type type) =>
        type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(Guid) ? "an id such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301"
        : type == typeof(double) ? "a number"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type)).ToLowerInvariant()}"
        : null;
}

/// <summary>
/// The command or option that was probably meant. System.CommandLine has typo corrections too, but only as an action that writes text, not
/// for the JSON document, and not for options.
/// </summary>
internal static class Suggestions
{
    private const int MaxDistance = 3;

    /// <summary>A question that names the nearest command, or a list of the commands if none is near.</summary>
    public static string For(string typed, Command parent)
    {
        var names = parent.Subcommands.SelectMany(command => command.Aliases.Prepend(command.Name)).ToArray();
        return Nearest(typed, names) is { } near ? $"Did you mean {near}?" : $"The commands are {string.Join(", ", names)}.";
    }

    /// <summary>The nearest name within a few typing errors; null if there is none.</summary>
    public static string? Nearest(string typed, IEnumerable<string> names) => names
        .Select(name => (Name: name, Distance: Distance(typed, name)))
        .Where(candidate => candidate.Distance <= Math.Min(MaxDistance, candidate.Name.Length / 2))
        .OrderBy(candidate => candidate.Distance)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    /// <summary>
    /// The optimal string alignment distance (Damerau-Levenshtein with each letter edited once): how many letters must be added, removed,
    /// replaced or swapped with their neighbor.
    /// </summary>
    internal static int Distance(string from, string to)
    {
        var distances = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distances[i, j] = i + j;
                    continue;
                }

                var change = distances[i - 1, j - 1] + (char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]) ? 0 : 1);
                distances[i, j] = Math.Min(change, Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    distances[i, j] = Math.Min(distances[i, j], distances[i - 2, j - 2] + 1);
            }
        }

        return distances[from.Length, to.Length];
    }
}
