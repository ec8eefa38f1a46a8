using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansCache.Cli.Output;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;
using OrleansCache.Cli.Startup;

namespace OrleansCache.Cli.Commands;

/// <summary>Runs one command line: what cannot be understood, what fails and what is stopped ends in an error and an exit code, never in an exception.</summary>
internal sealed class CommandRunner(CommandTree tree, ISessionSource sessions, Func<bool, IOutput> outputs)
{
    /// <summary>Refuses a line in which a quotation does not end: what is meant to be in it nobody knows.</summary>
    public int RefuseQuotation(bool json) =>
        new CommandScope(outputs(json), sessions).Fail(ExitCode.BadUsage, "The line has a quotation mark that opens and none that closes.");

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
            if (StrayOption(parsed) is { } stray)
                return scope.Fail(ExitCode.BadUsage, $"\"{Usage.Path(parsed.CommandResult.Command)}\" has no option \"{stray}\".", OptionHint(stray, parsed.CommandResult.Command));
            if (parsed.Action is { } action && parsed.CommandResult.Command.Action != action)
                return Explain(parsed, output);
            return parsed.CommandResult.Command is ConsoleCommand command
                ? await command.RunAsync(parsed, scope, cancellation).ConfigureAwait(false)
                : Refuse(parsed, scope);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return scope.Fail(ExitCode.Interrupted, "Stopped.");
        }
        catch (Exception error)
        {
            var report = ErrorReport.For(error) ?? new ErrorReport(ExitCode.Internal, error.ToString(), "This is a mistake of the program; please report it.");
            output.Error(report);
            return report.ExitCode;
        }
    }

    private static int Say(string text, IOutput output)
    {
        output.Write(new TextReport(text));
        return ExitCode.Done;
    }

    /// <summary>What --help says.</summary>
    private static int Explain(ParseResult parsed, IOutput output)
    {
        var text = new StringWriter();
        parsed.Invoke(new InvocationConfiguration { Output = text, Error = text });
        return Say(text.ToString(), output);
    }

    /// <summary>The parser takes an option that it does not know for an argument; only after "--" is it one, or when it is several words.</summary>
    private static string? StrayOption(ParseResult parsed) => parsed.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .FirstOrDefault(token => token is { Type: TokenType.Argument, Value: ['-', not (>= '0' and <= '9'), ..] } && !token.Value.Contains(' '))?.Value;

    private int Refuse(ParseResult parsed, CommandScope scope)
    {
        var command = parsed.CommandResult.Command;
        var stranger = parsed.UnmatchedTokens.FirstOrDefault();
        if (stranger is not null && tree.StartWith(stranger) is { } start)
            return scope.Fail(ExitCode.BadUsage, $"{stranger} is chosen when the program starts.", $"Leave, and start it with: {start} ...");
        if (stranger is not null && StartOptions.OwnerOf(stranger) is { } other)
            return scope.Fail(ExitCode.BadUsage, $"{stranger} is an option of {other.RunCommand}.", $"Start it with: {other.RunCommand} {stranger} ...");
        if (stranger is not null && command.Subcommands.Count > 0 && !stranger.StartsWith('-'))
            return scope.Fail(ExitCode.BadUsage, $"There is no command \"{stranger}\".", Suggestions.For(stranger, command));
        return scope.Fail(ExitCode.BadUsage, Complaint.About(parsed), Usage.Hint(command));
    }

    private static string OptionHint(string stray, Command command) =>
        Suggestions.Nearest(stray, command.Options.Select(option => option.Name)) is { } near ? $"Did you mean {near}?" : Usage.Hint(command);
}
