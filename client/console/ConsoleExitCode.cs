namespace OrleansCache.Cli;

/// <summary>The exit codes of the console. Scripts rely on these numbers.</summary>
internal static class ConsoleExitCode
{
    /// <summary>Found, or done.</summary>
    public const int Done = 0;

    /// <summary>Not found.</summary>
    public const int NotFound = 1;

    /// <summary>The command line cannot be used.</summary>
    public const int BadUsage = 2;

    /// <summary>Something that the command needs could not be reached.</summary>
    public const int Unavailable = 3;

    /// <summary>The current state does not allow it, such as another version of the book.</summary>
    public const int Conflict = 4;

    /// <summary>Done but for rows or books that had to be left out.</summary>
    public const int Incomplete = 5;

    /// <summary>A bug in the program (EX_SOFTWARE of sysexits.h).</summary>
    public const int Internal = 70;

    /// <summary>Stopped by Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
