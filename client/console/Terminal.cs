namespace OrleansCache.Cli;

/// <summary>What the console reads from and writes to.</summary>
internal sealed record Terminal
{
    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether a person types at the other end of <see cref="In"/>.</summary>
    public bool TypedIn { get; init; }

    /// <summary>Whether <see cref="Out"/> is a screen that understands colours and cursor movements.</summary>
    public bool OutIsScreen { get; init; }

    /// <summary>The same for <see cref="Error"/>.</summary>
    public bool ErrorIsScreen { get; init; }

    public static Terminal OfThisProcess()
    {
        var dumb = Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb" && !OperatingSystem.IsWindows();
        return new()
        {
            In = Console.In,
            Out = Console.Out,
            Error = Console.Error,
            TypedIn = !Console.IsInputRedirected,
            OutIsScreen = !Console.IsOutputRedirected && !dumb,
            ErrorIsScreen = !Console.IsErrorRedirected && !dumb,
        };
    }
}
