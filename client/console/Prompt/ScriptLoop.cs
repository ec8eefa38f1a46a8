using OrleansCache.Cli.Commands;

namespace OrleansCache.Cli.Prompt;

/// <summary>
/// Runs commands, one per line; empty lines and lines that begin with # are skipped. A command that fails does not stop the others. The
/// exit code is that of the first command that failed; the line and the exit code of each one that failed are told.
/// </summary>
internal sealed class ScriptLoop(CommandTree tree, CommandRunner runner)
{
    public async Task<int> RunAsync(TextReader input, bool json, CancellationToken cancellation)
    {
        var exitCode = ConsoleExitCode.Done;
        var number = 0;
        while (await ReadAsync(input, cancellation).ConfigureAwait(false) is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || line.TrimStart().StartsWith('#'))
                continue;
            var parsed = Words.Split(line) is { } words ? tree.Parse(json ? [.. words, "--json"] : words) : null;
            if (parsed is { Errors.Count: 0, CommandResult.Command: ExitCommand })
                break;
            var ended = parsed is null ? runner.RefuseQuotation(json) : await runner.RunAsync(parsed, cancellation).ConfigureAwait(false);
            if (ended == ConsoleExitCode.Done)
                continue;
            runner.TellFailure(number, parsed?.CommandResult.Command, ended, json);
            if (exitCode == ConsoleExitCode.Done)
                exitCode = ended;
        }

        return cancellation.IsCancellationRequested ? ConsoleExitCode.Interrupted : exitCode;
    }

    private static async Task<string?> ReadAsync(TextReader input, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return null;
        try
        {
            // Reads of the standard input block, its asynchronous ones too, and the end of the program must not wait for a line.
            return await Task.Run(input.ReadLine, CancellationToken.None).WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
