using OrleansCache.Cli.Commands;

namespace OrleansCache.Cli.Prompt;

/// <summary>
/// Runs commands, one per line; empty lines and lines that begin with # are skipped. A command that fails does not stop the others. The
/// exit code is that of the first command that failed.
/// </summary>
internal sealed class ScriptLoop(CommandTree tree, CommandRunner runner)
{
    public async Task<int> RunAsync(TextReader input, bool json, CancellationToken cancellation)
    {
        var exitCode = ConsoleExitCode.Done;
        while (await ReadAsync(input, cancellation).ConfigureAwait(false) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line) || line.TrimStart().StartsWith('#'))
                continue;
            if (Words.Split(line) is not { } words)
            {
                var refused = runner.RefuseQuotation(json);
                exitCode = exitCode == ConsoleExitCode.Done ? refused : exitCode;
                continue;
            }

            var parsed = tree.Parse(json ? [.. words, "--json"] : words);
            if (parsed.Errors.Count == 0 && parsed.CommandResult.Command is ExitCommand)
                break;
            var ended = await runner.RunAsync(parsed, cancellation).ConfigureAwait(false);
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
