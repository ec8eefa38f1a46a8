using System.CommandLine;
using OrleansCache.Cli.Commands;
using OrleansCache.Cli.Output;
using OrleansCache.Cli.Prompt;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli;

/// <summary>The console: runs one command, a prompt, or the commands on standard input, all on one session.</summary>
internal sealed class ConsoleProgram(Terminal terminal)
{
    public async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        using var interrupts = new Interrupts();
        interrupts.Register();
        var start = StartOptions.Take(ref args);
        var tree = new CommandTree(start, interactive: false);
        var parsed = tree.Parse(args);
        await using var sessions = start.Open(parsed);
        var json = tree.IsJson(parsed);
        var isOneCommand = parsed.CommandResult.Command != tree.Root
            || parsed.Errors.Count > 0
            || parsed.Action != tree.Root.Action
            || tree.AsksVersion(parsed);
        if (isOneCommand)
            return await new CommandRunner(tree, sessions, Output).RunAsync(parsed, interrupts.Ending).ConfigureAwait(false);
        var prompt = new CommandTree(start, interactive: true);
        var runner = new CommandRunner(prompt, sessions, asked => Output(asked || json));
        return terminal.TypedIn
            ? await PromptAsync(prompt, runner, sessions, interrupts, Output(json)).ConfigureAwait(false)
            : await new ScriptLoop(prompt, runner).RunAsync(terminal.In, json, interrupts.Ending).ConfigureAwait(false);
    }

    private async Task<int> PromptAsync(
        CommandTree tree, CommandRunner runner, ISessionSource sessions, Interrupts interrupts, IOutput output)
    {
        try
        {
            await sessions.GetAsync(output.Notice, interrupts.Ending).ConfigureAwait(false);
            output.Notice("\"help\" lists the commands; Tab completes, Ctrl-D leaves.");
        }
        catch (OperationCanceledException) when (interrupts.Ending.IsCancellationRequested)
        {
            return ConsoleExitCode.Interrupted;
        }
        catch (Exception error) when (ErrorReport.For(error) is { } report)
        {
            output.Error(report);
            return report.ExitCode;
        }

        var history = new History(Path.Combine(CommandTree.DataFolder, "history"));
        try
        {
            return await new PromptLoop(tree, runner, LineReader(tree, sessions, history), interrupts).RunAsync().ConfigureAwait(false);
        }
        finally
        {
            history.Save();
        }
    }

    private Func<CancellationToken, Task<string?>> LineReader(CommandTree tree, ISessionSource sessions, History history)
    {
        const string prompt = "orleanscache> ";
        if (!terminal.OutIsScreen)
        {
            return async ending =>
            {
                await terminal.Out.WriteAsync(prompt).ConfigureAwait(false);
                await terminal.Out.FlushAsync(ending).ConfigureAwait(false);
                return await Task.Run(terminal.In.ReadLine, CancellationToken.None).WaitAsync(ending).ConfigureAwait(false);
            };
        }

        var completer = new Completer(tree.Root, new SessionNames(sessions));
        var editor = new LineEditor(new ConsoleKeyboard(), terminal.Out, () => Console.WindowWidth, history, completer.CompleteAsync);
        return async ending =>
        {
            // While a line is edited, Ctrl-C is a key; while a command runs, it is a signal.
            Console.TreatControlCAsInput = true;
            try
            {
                return await editor.ReadLineAsync(prompt, ending).ConfigureAwait(false);
            }
            finally
            {
                Console.TreatControlCAsInput = false;
            }
        };
    }

    private IOutput Output(bool json) => json
        ? new JsonOutput(terminal.Out, terminal.Error)
        : new HumanOutput(terminal.Out, terminal.OutIsScreen, terminal.Error, terminal.ErrorIsScreen);
}
