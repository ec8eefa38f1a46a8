using System.CommandLine;
using OrleansCache.Cli.Demo;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Commands;

/// <summary><c>demo</c></summary>
internal sealed class DemoCommand() : ConsoleCommand(
    "demo",
    "Shows what the cache is for, in about half a minute, and checks its own claims; exit code 1 if one does not hold.")
{
    public override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        if (scope.Sessions.OwnCluster is not { } cluster)
        {
            return scope.Fail(
                ConsoleExitCode.BadUsage,
                "The demonstration stops and starts nodes, so it runs on a cluster of its own and not on a running one.",
                "Start it with: ./run demo");
        }

        scope.Output.Notice($"{ProgramVersion.Description}; a cluster of its own with a temporary catalog");
        var report = await new DemoRun(scope.Output, cluster).RunAsync(cancellation).ConfigureAwait(false);
        scope.Output.Write(report);
        return report.Holds ? ConsoleExitCode.Done : ConsoleExitCode.NotFound;
    }
}
