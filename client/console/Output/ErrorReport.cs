using System.Text.Json.Serialization;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;
using OrleansCache.Client.Import;
using OrleansCache.LocalClusters;
using Spectre.Console;

namespace OrleansCache.Cli.Output;

/// <summary>The error of a command.</summary>
internal sealed record ErrorReport(ErrorReport.Detail Error) : IReport
{
    public ErrorReport(int exitCode, string message, string? hint = null)
        : this(new Detail(NameOf(exitCode), exitCode, message, hint))
    {
    }

    /// <summary>The book as it is now, if the error is a conflict.</summary>
    public LookupEntry? Current { get; init; }

    [JsonIgnore]
    public int ExitCode => Error.ExitCode;

    public void Render(IAnsiConsole console)
    {
        console.Write(new Text(Error.Message, new Style(Color.Red)));
        console.WriteLine();
        if (Error.Hint is { } hint)
            console.WriteLine(hint);
        Current?.Render(console);
    }

    /// <summary>The report of an exception; null if it is unexpected, which is a bug.</summary>
    public static ErrorReport? For(Exception error) => error switch
    {
        InvalidKeyException or InvalidPayloadException or InvalidTopologyException or UnknownRegionException or ImportException =>
            new(ConsoleExitCode.BadUsage, error.Message),
        EditConflictException => new(ConsoleExitCode.Conflict, error.Message),
        NotPermittedException => new(ConsoleExitCode.BadUsage, error.Message),
        SessionException session => new(session.ExitCode, error.Message),
        CacheException => new(ConsoleExitCode.Unavailable, error.Message),
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException =>
            new(ConsoleExitCode.BadUsage, error.Message),
        IOException or TimeoutException or LocalNodesException => new(ConsoleExitCode.Unavailable, error.Message),
        _ => null,
    };

    private static string NameOf(int exitCode) => exitCode switch
    {
        ConsoleExitCode.NotFound => "notFound",
        ConsoleExitCode.BadUsage => "badUsage",
        ConsoleExitCode.Unavailable => "unavailable",
        ConsoleExitCode.Conflict => "conflict",
        ConsoleExitCode.Incomplete => "incomplete",
        ConsoleExitCode.Interrupted => "interrupted",
        _ => "internal",
    };

    /// <summary>The error itself.</summary>
    internal sealed record Detail(string Code, int ExitCode, string Message, string? Hint);
}
