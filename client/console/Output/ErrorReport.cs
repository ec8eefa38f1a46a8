using System.Text.Json.Serialization;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;
using OrleansCache.Client.Import;
using OrleansCache.LocalClusters;
using Spectre.Console;

namespace OrleansCache.Cli.Output;

/// <summary>Why a command could not do its work.</summary>
internal sealed record ErrorReport(ErrorReport.Detail Error) : IReport
{
    public ErrorReport(int exitCode, string message, string? hint = null)
        : this(new Detail(NameOf(exitCode), exitCode, message, hint))
    {
    }

    /// <summary>What stands in the way, where something does.</summary>
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

    /// <summary>The error for an exception, or null when it is not one that a command expects.</summary>
    public static ErrorReport? For(Exception error) => error switch
    {
        InvalidKeyException or InvalidPayloadException or InvalidTopologyException or UnknownRegionException or ImportException =>
            new(Cli.ExitCode.BadUsage, error.Message),
        EditConflictException => new(Cli.ExitCode.Conflict, error.Message),
        SessionException session => new(session.ExitCode, error.Message),
        CacheException => new(Cli.ExitCode.Unavailable, error.Message),
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException =>
            new(Cli.ExitCode.BadUsage, error.Message),
        IOException or TimeoutException or LocalNodesException => new(Cli.ExitCode.Unavailable, error.Message),
        _ => null,
    };

    private static string NameOf(int exitCode) => exitCode switch
    {
        Cli.ExitCode.NotFound => "notFound",
        Cli.ExitCode.BadUsage => "badUsage",
        Cli.ExitCode.Unavailable => "unavailable",
        Cli.ExitCode.Conflict => "conflict",
        Cli.ExitCode.Interrupted => "interrupted",
        _ => "internal",
    };

    /// <summary>The error itself.</summary>
    internal sealed record Detail(string Code, int ExitCode, string Message, string? Hint);
}
