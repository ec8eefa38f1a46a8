namespace OrleansCache.Cli.Prompt;

/// <summary>A source of key presses.</summary>
internal interface IKeyboard
{
    /// <summary>Reads the next key; Ctrl-C is a key like any other.</summary>
    ValueTask<ConsoleKeyInfo> ReadAsync(CancellationToken cancellation);
}

/// <summary>The keyboard of this terminal.</summary>
internal sealed class ConsoleKeyboard : IKeyboard
{
    public async ValueTask<ConsoleKeyInfo> ReadAsync(CancellationToken cancellation)
    {
        // Keys that were typed ahead or pasted need no other thread.
        if (Console.KeyAvailable)
            return Console.ReadKey(intercept: true);
        // The console has no asynchronous read. A cancelled read leaves its background thread waiting until the process ends.
        Func<ConsoleKeyInfo> read = () => Console.ReadKey(intercept: true);
        return await Task.Factory
            .StartNew(read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(cancellation)
            .ConfigureAwait(false);
    }
}
