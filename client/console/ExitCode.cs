namespace OrleansCache.Cli;

/// <summary>What the program's exit code says; scripts rely on these numbers.</summary>
internal static class ExitCode
{
    /// <summary>Found, or done.</summary>
    public const int Done = 0;

    /// <summary>There is no such thing.</summary>
    public const int NotFound = 1;

    /// <summary>What was typed cannot be used.</summary>
    public const int BadUsage = 2;

    /// <summary>Something that is needed could not be reached.</summary>
    public const int Unavailable = 3;

    /// <summary>What is there already stands against it.</summary>
    public const int Conflict = 4;

    /// <summary>A mistake of the program itself (EX_SOFTWARE of sysexits).</summary>
    public const int Internal = 70;

    /// <summary>Stopped by Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
