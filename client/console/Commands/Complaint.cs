using System.CommandLine;
using System.CommandLine.Parsing;

namespace OrleansCache.Cli.Commands;

/// <summary>What is wrong with a command line, in the words of its user: the parser's own speak of types.</summary>
internal static class Complaint
{
    public static string About(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var complaints = parsed.Errors.Where(error => !IsMissing(error)).Select(InWords).ToList();
        // The parser speaks of them twice, or of their values, and never of what they are.
        var unset = command.Options.Where(option => option.Required && parsed.GetResult(option) is not { Tokens.Count: > 0 }).ToArray();
        complaints.RemoveAll(complaint => unset.Any(option => complaint.Contains($"'{option.Name}'", StringComparison.Ordinal)));
        var missing = command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is not { Tokens.Count: > 0 }).ToArray();
        if (missing.Length + unset.Length > 0)
            complaints.Add($"\"{Usage.Path(command)}\" needs {string.Join(", ", missing.Select(argument => argument.Name).Concat(unset.Select(option => $"{option.Name} {option.HelpName}".TrimEnd())))}.");
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
        Kind(Nullable.GetUnderlyingType(type) ?? type) is { } kind && error.Message.Contains(type.ToString(), StringComparison.Ordinal) ? $"{name} is \"{typed}\"; it must be {kind}." : error.Message;

    private static string? Kind(Type type) =>
        type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(Guid) ? "an id such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301"
        : type == typeof(double) ? "a number"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type)).ToLowerInvariant()}"
        : null;
}
