using OrleansCache.Cli.Prompt;

namespace OrleansCache.Tests.Console.Prompt;

/// <summary>A keyboard that presses what a test says, then waits for ever.</summary>
internal sealed class Keys : IKeyboard
{
    private readonly Queue<ConsoleKeyInfo> _pressed = new();

    public Keys Type(string text)
    {
        foreach (var letter in text)
            _pressed.Enqueue(new(letter, ConsoleKey.None, false, false, false));
        return this;
    }

    public Keys Press(params ConsoleKey[] keys)
    {
        foreach (var key in keys)
            _pressed.Enqueue(new('\0', key, false, false, false));
        return this;
    }

    public Keys Control(params ConsoleKey[] keys)
    {
        foreach (var key in keys)
            _pressed.Enqueue(new((char)(key - ConsoleKey.A + 1), key, false, false, true));
        return this;
    }

    public Keys Enter() => Press(ConsoleKey.Enter);

    public async ValueTask<ConsoleKeyInfo> ReadAsync(CancellationToken cancellation)
    {
        if (_pressed.TryDequeue(out var key))
            return key;
        await Task.Delay(Timeout.Infinite, cancellation);
        throw new InvalidOperationException("There are no more keys.");
    }
}
