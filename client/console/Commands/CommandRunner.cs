using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansCache.Cli.Output;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Commands;

/// <summary>Runs one command line. Bad usage, failures and cancellation become an error report and an exit code.</summary>
internal sealed class CommandRunner(CommandTree tree, ISessionSource sessions, Func<bool, IOutput> outputs)
{
    /// <summary>Reports a line with an unclosed quotation.</summary>
    public int RefuseQuotation(bool json) => new CommandScope(outputs(json), sessions)
        .Fail(ConsoleExitCode.BadUsage, "The line has an opening quotation mark without a closing one.");

    /// <summary>Tells which line of a script has failed, but not its words, which may have a secret.</summary>
    public void TellFailure(int line, Command? command, int exitCode, bool json)
    {
        var name = command is null || command == tree.Root ? "" : $" ({Usage.Path(command)})";
        outputs(json).Notice($"line {line}{name} ended with exit code {exitCode}");
    }

    public async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var output = outputs(tree.IsJson(parsed));
        var scope = new CommandScope(output, sessions);
        try
        {
            if (parsed.Errors.Count > 0)
                return Refuse(parsed, scope);
            if (tree.AsksVersion(parsed))
                return Say(ProgramVersion.Current, output);
            var command = parsed.CommandResult.Command;
            if (StrayOption(parsed) is { } stray)
            {
                var message = $"\"{Usage.Path(command)}\" has no option \"{stray}\".";
                return scope.Fail(ConsoleExitCode.BadUsage, message, OptionHint(stray, command));
            }

            if (parsed.Action is { } action && command.Action != action)
                return Explain(parsed, output);
            return command is ConsoleCommand runnable
                ? await runnable.RunAsync(parsed, scope, cancellation).ConfigureAwait(false)
                : Refuse(parsed, scope);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return scope.Fail(ConsoleExitCode.Interrupted, "Stopped.");
        }
        catch (Exception error)
        {
            var report = ErrorReport.For(error)
                ?? new ErrorReport(ConsoleExitCode.Internal, error.ToString(), "This is a bug in the program; please report it.");
            output.Error(report);
            return report.ExitCode;
        }
    }

    private static int Say(string text, IOutput output)
    {
        output.Write(new TextReport(text));
        return ConsoleExitCode.Done;
    }

    /// <summary>Writes the text of --help.</summary>
    private static int Explain(ParseResult parsed, IOutput output)
    {
        var text = new StringWriter();
        parsed.Invoke(new InvocationConfiguration { Output = text, Error = text });
        return Say(text.ToString(), output);
    }

    /// <summary>
    /// An unknown option, which the parser takes for an argument. What follows "--", a negative number and a text of several words are
    /// arguments.
    /// </summary>
    private static string? StrayOption(ParseResult parsed) => parsed.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .Where(token => token.Type == TokenType.Argument)
        .Select(token => token.Value)
        .FirstOrDefault(value => value is ['-', not (>= '0' and <= '9'), ..] && !value.Contains(' '));

    private int Refuse(ParseResult parsed, CommandScope scope)
    {
        var command = parsed.CommandResult.Command;
        var (message, hint) = (Complaint.About(parsed), Usage.Hint(command));
        if (parsed.UnmatchedTokens.FirstOrDefault() is { } unknown)
        {
            if (tree.StartWith(unknown) is { } start)
                (message, hint) = ($"{unknown} is chosen when the program starts.", $"Leave, and start it with: {start} ...");
            else if (StartOptions.OwnerOf(unknown) is { } other)
                (message, hint) = ($"{unknown} is an option of {other.RunCommand}.", $"Start it with: {other.RunCommand} {unknown} ...");
            else if (command.Subcommands.Count > 0 && !unknown.StartsWith('-'))
                (message, hint) = ($"There is no command \"{unknown}\".", Suggestions.For(unknown, command));
        }

        return scope.Fail(ConsoleExitCode.BadUsage, message, hint);
    }

    private static string OptionHint(string stray, Command command) =>
        Suggestions.Nearest(stray, command.Options.Select(option => option.Name)) is { } near
            ? $"Did you mean {near}?"
            : Usage.Hint(command);
}
