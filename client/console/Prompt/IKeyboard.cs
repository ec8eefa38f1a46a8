namespace OrleansCache.Cli.Prompt;

/// <summary>Where the keys that a person presses come from.</summary>
internal interface IKeyboard
{
    /// <summary>The next key; Ctrl-C is a key like any other.</summary>
    ValueTask<ConsoleKeyInfo> ReadAsync(CancellationToken cancellation);
}
