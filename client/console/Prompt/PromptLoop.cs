using OrleansCache.Cli.Commands;

namespace OrleansCache.Cli.Prompt;

/// <summary>Reads commands from the prompt and runs them, until exit.</summary>
internal sealed class PromptLoop(
    CommandTree tree, CommandRunner runner, Func<CancellationToken, Task<string?>> readLine, Interrupts interrupts)
{
    public async Task<int> RunAsync()
    {
        while (await ReadAsync().ConfigureAwait(false) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (Words.Split(line) is not { } words)
            {
                runner.RefuseQuotation(json: false);
                continue;
            }

            var parsed = tree.Parse(words);
            if (parsed.Errors.Count == 0 && parsed.CommandResult.Command is ExitCommand)
                break;
            // Ctrl-C stops the command, not the prompt.
            using var command = interrupts.Listen();
            await runner.RunAsync(parsed, command.Token).ConfigureAwait(false);
            if (interrupts.Ending.IsCancellationRequested)
                return ConsoleExitCode.Interrupted;
        }

        return ConsoleExitCode.Done;
    }

    private async Task<string?> ReadAsync()
    {
        try
        {
            return await readLine(interrupts.Ending).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupts.Ending.IsCancellationRequested)
        {
            return null;
        }
    }
}
