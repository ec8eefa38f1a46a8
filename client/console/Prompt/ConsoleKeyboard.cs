namespace OrleansCache.Cli.Prompt;

/// <summary>The keyboard of this terminal.</summary>
internal sealed class ConsoleKeyboard : IKeyboard
{
    public async ValueTask<ConsoleKeyInfo> ReadAsync(CancellationToken cancellation)
    {
        // Typed ahead or pasted: no need to hand over to another thread for each key.
        if (Console.KeyAvailable)
            return Console.ReadKey(intercept: true);
        // The console cannot be read asynchronously; when the program ends the waiting thread, a background one, is left behind.
        return await Task.Factory
            .StartNew(() => Console.ReadKey(intercept: true), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(cancellation)
            .ConfigureAwait(false);
    }
}
